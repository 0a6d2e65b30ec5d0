import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Creates a table, and waits until it takes items: DynamoDB, and its stand-in too, answers before that. */
export async function createTable(client: DynamoDBClient, input: CreateTableCommandInput): Promise<void> {
  await client.send(new CreateTableCommand(input));
  const describe = new DescribeTableCommand({ TableName: input.TableName });
  while ((await client.send(describe)).Table?.TableStatus !== 'ACTIVE') await sleep(5);
}
