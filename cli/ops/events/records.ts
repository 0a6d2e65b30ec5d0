import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../../lambdas/adapters/expressions.ts';
import { LEDGER } from '../../../lambdas/contract.ts';
import { OperatorError } from '../../operator-error.ts';

/** Items that DynamoDB returns in one call. */
export const BATCH = 100;
/** Calls for one batch before it is given up: DynamoDB may return a part, and the rest when asked again. */
const TRIES = 8;

/** The ledger items of up to {@link BATCH} keys, by key; those that are gone are absent. */
export async function readItems(
  client: DynamoDBClient,
  table: string,
  keys: readonly string[],
): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  let left: Item[] = keys.map((key) => ({ [LEDGER.partitionKey]: { S: key } }));
  for (let tries = 0; left.length > 0; tries++) {
    if (tries === TRIES) throw new OperatorError('DynamoDB is busy, and has not returned all events: try again.');
    if (tries > 0) await sleep(50 * 2 ** tries);
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left } } }));
    for (const item of answer.Responses?.[table] ?? []) found.set(item[LEDGER.partitionKey]?.S ?? '', item);
    left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return found;
}
