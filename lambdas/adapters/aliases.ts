import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LEDGER, LEDGER_KEY } from '../contract.ts';
import { decodeKey, encodeKey } from '../core/event-key.ts';
import type { Aliases, ReconcilableEvent } from '../core/ports.ts';
import { unlessRefused } from './unless-refused.ts';

/** The aliases in the ledger's table. They have no expiry: what a provider lists for ever must be known for ever. */
export function dynamoAliases(table: string, dynamo: DynamoDBClient): Aliases {
  const at = (event: ReconcilableEvent) => ({ TableName: table, Key: keyOf(event) });

  const read = async (event: ReconcilableEvent) =>
    (await dynamo.send(new GetItemCommand({ ...at(event), ConsistentRead: true }))).Item;

  /** Makes an attribute this event's key, unless it is another event's. Returns whether it is this event's now. */
  const take = async (event: ReconcilableEvent, attribute: 'ownerKey' | 'copyKey'): Promise<boolean> => {
    const write = new UpdateItemCommand({
      ...at(event),
      UpdateExpression: 'SET #key = :key, #via = if_not_exists(#via, :via)',
      ConditionExpression: 'attribute_not_exists(#key) OR #key = :key',
      ExpressionAttributeNames: { '#key': attribute, '#via': 'ownerVia' },
      ExpressionAttributeValues: { ':key': { S: encodeKey(event) }, ':via': { S: event.via } },
    });
    return (await unlessRefused(dynamo.send(write))) !== undefined;
  };

  return {
    async claimAlias(event) {
      if (await take(event, 'ownerKey')) return { is: 'own' };
      const owner = await read(event);
      const copy = { is: 'copy', of: decodeKey(owner?.ownerKey?.S ?? '').key } as const;
      if (event.via === 'poll') return copy;
      const isCopy = owner?.ownerVia?.S === 'poll' && (await take(event, 'copyKey'));
      return isCopy ? copy : { is: 'own' };
    },

    isKnown: async (event) => (await read(event)) !== undefined,
  };
}

const keyOf = ({ source, reconcileKey }: ReconcilableEvent): Record<string, AttributeValue> => ({
  [LEDGER.partitionKey]: { S: LEDGER_KEY.alias(source, reconcileKey) },
});
