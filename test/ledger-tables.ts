import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LEDGER } from '../lambdas/contract.ts';
import { createTable } from '../local/services/create-table.ts';
import { startDynamoDb } from '../local/services/dynamodb.ts';

export interface LedgerTables {
  readonly client: DynamoDBClient;
  /** Makes an empty table with the ledger's key; resolves to its name. */
  create(): Promise<string>;
  stop(): Promise<void>;
}

/** A DynamoDB in this process, for as many ledgers as a test wants. */
export async function startLedgerTables(): Promise<LedgerTables> {
  const service = await startDynamoDb('us-east-1');
  const { client } = service;
  let made = 0;
  return {
    client,
    stop: () => service.stop(),
    async create() {
      const name = `ledger-${++made}`;
      await createTable(client, {
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: LEDGER.partitionKey, KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: LEDGER.partitionKey, AttributeType: 'S' }],
      });
      return name;
    },
  };
}
