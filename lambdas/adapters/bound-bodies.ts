import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LEDGER, LEDGER_KEY } from '../contract.ts';
import { decodeKey, encodeKey } from '../core/event-key.ts';
import type { EventKey } from '../core/event-key.ts';
import { bodyIdentity } from '../core/fingerprint.ts';
import type { EventHead } from '../core/event.ts';
import { unlessRefused } from './unless-refused.ts';

/** How often it is tried if others replace the same expired item at the same moment. */
const TRIES = 3;

/**
 * The key under which a body first came, one item per body. The item outlives the event's own by another window: an event that
 * waited in a dead-letter queue is remembered for longer, and must not lose its guard before.
 */
export async function bindBody(
  { table, dynamo, now, windowSeconds }: BindSettings,
  event: EventHead,
): Promise<EventKey> {
  const at = itemOf(event);
  const own = { S: encodeKey(event) };
  const expiresAt = { N: String(now + 2 * windowSeconds) };
  const current = { N: String(now) };
  for (let tries = 0; tries < TRIES; tries++) {
    const update = new UpdateItemCommand({
      ...{ TableName: table, Key: at, ReturnValues: 'ALL_NEW' },
      UpdateExpression: `SET boundKey = if_not_exists(boundKey, :own), ${LEDGER.ttl} = :expiresAt`,
      ConditionExpression: `attribute_not_exists(${LEDGER.partitionKey}) OR ${LEDGER.ttl} >= :now`,
      ExpressionAttributeValues: { ':own': own, ':expiresAt': expiresAt, ':now': current },
    });
    const seen = await unlessRefused(dynamo.send(update));
    if (seen) return decodeKey(seen.Attributes?.boundKey?.S ?? encodeKey(event));
    const replace = new PutItemCommand({
      TableName: table,
      Item: { ...at, boundKey: own, [LEDGER.ttl]: expiresAt },
      ConditionExpression: `attribute_not_exists(${LEDGER.partitionKey}) OR ${LEDGER.ttl} < :now`,
      ExpressionAttributeValues: { ':now': current },
    });
    if (await unlessRefused(dynamo.send(replace))) return decodeKey(own.S);
  }
  throw new Error('the binding of a body was refused again and again');
}

/** The key that a body is bound to; undefined if it is bound to none. An item that has expired counts as none. */
export async function boundKey({ table, dynamo, now }: ReadSettings, event: EventHead): Promise<EventKey | undefined> {
  const get = new GetItemCommand({ TableName: table, Key: itemOf(event), ConsistentRead: true });
  const { boundKey: key, [LEDGER.ttl]: expiresAt } = (await dynamo.send(get)).Item ?? {};
  return key?.S === undefined || Number(expiresAt?.N) < now ? undefined : decodeKey(key.S);
}

const itemOf = (event: EventHead) => ({
  [LEDGER.partitionKey]: { S: LEDGER_KEY.body(event.source, bodyIdentity(event)) },
});

interface ReadSettings {
  readonly table: string;
  readonly dynamo: DynamoDBClient;
  /** Seconds since the epoch. */
  readonly now: number;
}

interface BindSettings extends ReadSettings {
  readonly windowSeconds: number;
}
