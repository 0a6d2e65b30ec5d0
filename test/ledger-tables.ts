import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LEDGER, LEDGER_LIST } from '../lambdas/contract.ts';
import { createTable } from '../local/services/create-table.ts';
import { startDynamoDb } from '../local/services/dynamodb.ts';

export interface LedgerTables {
  readonly client: DynamoDBClient;
  /** Makes an empty table with the ledger's key and index; resolves to its name. */
  create(): Promise<string>;
  stop(): Promise<void>;
}

const KEYS = [LEDGER.partitionKey, LEDGER_LIST.partitionKey, LEDGER_LIST.sortKey];

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
        GlobalSecondaryIndexes: [
          {
            IndexName: LEDGER_LIST.index,
            KeySchema: [
              { AttributeName: LEDGER_LIST.partitionKey, KeyType: 'HASH' },
              { AttributeName: LEDGER_LIST.sortKey, KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
        AttributeDefinitions: KEYS.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      });
      return name;
    },
  };
}
