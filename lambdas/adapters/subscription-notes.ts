import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { LEDGER, LEDGER_KEY } from '../contract.ts';
import { sha256 } from '../core/hash.ts';
import { countBefore } from '../core/subscription-note.ts';
import type { HeardSubscription, SubscriptionNotes } from '../core/subscription-note.ts';
import { CLIENT_BOUNDS } from './clients.ts';
import { traced } from './trace.ts';

/** The attributes of one Subscription, whose id may hold what a name may not. */
export const noteAttributes = (subscription: string) => {
  const digest = sha256(subscription).slice(0, 16);
  return { last: `last_${digest}`, from: `from_${digest}` };
};

/** The key of the item that holds a source's notes. */
export const notesAt = (table: string, source: string) => ({
  TableName: table,
  Key: { [LEDGER.partitionKey]: { S: LEDGER_KEY.subscriptions(source) } },
});

/** Keeps what was last heard of each Subscription in one item of the ledger's table, and the count from which on it was heard. */
export function dynamoNotes(table: string, source: string, client?: DynamoDBClient): SubscriptionNotes {
  let dynamo = client;
  return {
    async heard({ events, ...note }, at) {
      dynamo ??= traced(new DynamoDBClient(CLIENT_BOUNDS), 'DynamoDB');
      const { last, from } = noteAttributes(note.subscription);
      const before = countBefore({ ...note, events });
      const heard: HeardSubscription = { ...note, at: at.toISOString() };
      await dynamo.send(
        new UpdateItemCommand({
          ...notesAt(table, source),
          UpdateExpression: `SET #last = :last${before === undefined ? '' : ', #from = if_not_exists(#from, :from)'}`,
          ExpressionAttributeNames: { '#last': last, ...(before !== undefined && { '#from': from }) },
          ExpressionAttributeValues: {
            ':last': { S: JSON.stringify(heard) },
            ...(before !== undefined && { ':from': { S: before } }),
          },
        }),
      );
    },
  };
}

/** Returns the latest note of each Subscription, as the deliveries told. */
export async function readNotes(table: string, source: string, client?: DynamoDBClient): Promise<HeardSubscription[]> {
  const dynamo = client ?? traced(new DynamoDBClient(CLIENT_BOUNDS), 'DynamoDB');
  const { Item: item = {} } = await dynamo.send(new GetItemCommand(notesAt(table, source)));
  return Object.entries(item).flatMap(([name, { S: text }]) => {
    if (!name.startsWith('last_') || text === undefined) return [];
    const heard = JSON.parse(text) as HeardSubscription;
    return [{ ...heard, from: item[noteAttributes(heard.subscription).from]?.S }];
  });
}
