import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { keyOf } from '../../lambdas/adapters/ledger-item.ts';
import type { Item } from '../../lambdas/adapters/expressions.ts';
import type { EventIdentity } from '../../lambdas/core/event.ts';
import { LEDGER } from '../../lambdas/contract.ts';
import type { Ops } from './command.ts';
import { ledgerTable } from './source-parts.ts';

/** What the ledger has of an event. Times are ISO 8601; what never happened is undefined. */
export type LedgerRecord = Readonly<Partial<Record<TextAttribute, string>>> & {
  readonly deliveries: number;
  /** Tries that failed. */
  readonly failures: number;
  /** Milliseconds since the epoch: until when a processor holds the event. */
  readonly leaseUntil: number | undefined;
  readonly expiresAt: string | undefined;
};

/** The attributes that are texts. */
const TEXTS = [
  ...[
    'source',
    'eventKey',
    'keyKind',
    'eventType',
    'status',
    'via',
    'bodyHash',
    'quarantine',
    'secretLabel',
    'secretVersionId',
  ],
  ...['firstReceivedAt', 'lastReceivedAt', 'processedAt', 'copyOf', 'archivedIn', 'lastFailure', 'lastFailedAt'],
  ...['releasedAt', 'releasedBy', 'droppedAt', 'droppedBy'],
  ...['replayRequestedAt', 'replayRequestedBy', 'replayedAt', 'replayedBy'],
] as const;
type TextAttribute = (typeof TEXTS)[number];

/** Reads an event's ledger item; undefined where the ledger does not know it, or has forgotten it. */
export async function readRecord(ops: Pick<Ops, 'target'>, id: EventIdentity): Promise<LedgerRecord | undefined> {
  const client = ops.target.client(DynamoDBClient);
  const command = new GetItemCommand({ TableName: ledgerTable(ops), Key: keyOf(id), ConsistentRead: true });
  const { Item: item } = await client.send(command);
  return item && toRecord(item);
}

export function toRecord(item: Item): LedgerRecord {
  const expiry = item[LEDGER.ttl]?.N;
  return {
    ...Object.fromEntries(TEXTS.flatMap((name) => (item[name]?.S === undefined ? [] : [[name, item[name].S]]))),
    deliveries: Number(item.deliveries?.N ?? 0),
    failures: Number(item.failures?.N ?? 0),
    leaseUntil: item.leaseUntil?.N === undefined ? undefined : Number(item.leaseUntil.N),
    expiresAt: expiry === undefined ? undefined : new Date(Number(expiry) * 1000).toISOString(),
  };
}
