import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { PollPorts } from '../core/poll/run.ts';
import { CLIENT_BOUNDS } from './clients.ts';
import { keyOf } from './ledger-item.ts';
import { traced } from './trace.ts';

/** Asks the ledger whether an event is safe: in its queue, in quarantine or processed, and not only claimed. */
export function safeEvents(table: string, client?: DynamoDBClient): PollPorts['isSafe'] {
  const dynamo = client ?? traced(new DynamoDBClient(CLIENT_BOUNDS), 'DynamoDB');
  return async (event) => {
    const read = new GetItemCommand({ TableName: table, Key: keyOf(event), ConsistentRead: true });
    const status = (await dynamo.send(read)).Item?.status?.S;
    return status !== undefined && status !== 'PENDING';
  };
}
