import { DynamoDBClient, GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { keyOf } from '../../lambdas/adapters/ledger-item.ts';
import type { Item } from '../../lambdas/adapters/expressions.ts';
import { KEY_KINDS } from '../../lambdas/core/event-key.ts';
import type { KeyKind } from '../../lambdas/core/event-key.ts';
import type { EventIdentity } from '../../lambdas/core/event.ts';
import { KEPT_TRIES } from '../../lambdas/adapters/kept-tries.ts';
import { LEDGER } from '../../lambdas/contract.ts';
import { OperatorError } from '../operator-error.ts';
import type { Ops } from './ops.ts';
import { looksLikeShortId, shortId } from './short-id.ts';
import { ledgerTable } from './source-parts.ts';

/** The ledger's record of an event. Times are ISO 8601; the time of a step that never happened is undefined. */
export type LedgerRecord = Readonly<Partial<Record<TextAttribute, string>>> & {
  readonly deliveries: number;
  /** Tries that failed. */
  readonly failures: number;
  /** Milliseconds since the epoch: until when a processor holds the event. */
  readonly leaseUntil: number | undefined;
  readonly expiresAt: string | undefined;
  /** The last failed tries, oldest first; only of an event at a target. */
  readonly tries?: readonly KeptTry[];
};

/** A failed try that the ledger keeps. */
export interface KeptTry {
  /** ISO 8601. */
  readonly at: string;
  readonly reason: string;
}

/** The attributes that are texts. */
const TEXTS = [
  ...[
    'source',
    'eventKey',
    'keyKind',
    'eventType',
    'status',
    'via',
    'coverage',
    'bodyHash',
    'quarantine',
    'secretLabel',
    'secretVersionId',
  ],
  ...[
    'firstReceivedAt',
    'lastReceivedAt',
    'processedAt',
    'copyOf',
    'supersededBy',
    'unorderedBy',
    'archivedIn',
    'lastFailure',
    'lastFailedAt',
  ],
  ...['releasedAt', 'releasedBy', 'droppedAt', 'droppedBy', 'givenUpAt', 'givenUpBy'],
  ...['replayRequestedAt', 'replayRequestedBy', 'replayedAt', 'replayedBy'],
] as const;
type TextAttribute = (typeof TEXTS)[number];

/** Reads an event's ledger item; undefined if the ledger does not know it, or has forgotten it. */
export async function readRecord(ops: Pick<Ops, 'gateway'>, id: EventIdentity): Promise<LedgerRecord | undefined> {
  const client = ops.gateway.client(DynamoDBClient);
  const command = new GetItemCommand({ TableName: ledgerTable(ops), Key: keyOf(id), ConsistentRead: true });
  const { Item: item } = await client.send(command);
  return item && toRecord(item);
}

export function toRecord(item: Item): LedgerRecord {
  const expiry = item[LEDGER.ttl]?.N;
  const tries = KEPT_TRIES.attributes.flatMap((name) => item[name]?.S ?? []).sort();
  return {
    ...Object.fromEntries(TEXTS.flatMap((name) => (item[name]?.S === undefined ? [] : [[name, item[name].S]]))),
    deliveries: Number(item.deliveries?.N ?? 0),
    failures: Number(item.failures?.N ?? 0),
    leaseUntil: item.leaseUntil?.N === undefined ? undefined : Number(item.leaseUntil.N),
    expiresAt: expiry === undefined ? undefined : new Date(Number(expiry) * 1000).toISOString(),
    ...(tries.length > 0 && { tries: tries.map(keptTry) }),
  };
}

function keptTry(text: string): KeptTry {
  const space = text.indexOf(' ');
  return { at: text.slice(0, space), reason: text.slice(space + 1) };
}

/** An event that an operator named, with its ledger item. */
export interface NamedEvent {
  readonly id: EventIdentity;
  readonly record: LedgerRecord;
}

/**
 * Finds the event that an operator named by its key, as it is shown, or by its short id. A provider's own id goes before a key of
 * the gateway's making that reads the same. Throws an {@link OperatorError} if the ledger has no such event.
 */
export async function eventNamed(ops: Pick<Ops, 'gateway'>, source: string, given: string): Promise<NamedEvent> {
  const ids = looksLikeShortId(given)
    ? await idsOf(ops, source, given)
    : KINDS.map((kind) => ({ source, key: given, ...kind }));
  for (const id of ids) {
    const record = await readRecord(ops, id);
    if (record) return { id, record };
  }
  throw new OperatorError(`The ledger knows no event "${given}" of ${source}, or has forgotten it.`);
}

const KINDS: readonly { readonly keyKind?: KeyKind }[] = [{}, ...KEY_KINDS.map((keyKind) => ({ keyKind }))];

/** The events with a short id. The ledger is scanned, because a short id cannot be turned back into its key. */
async function idsOf(ops: Pick<Ops, 'gateway'>, source: string, given: string): Promise<EventIdentity[]> {
  const scan = {
    TableName: ledgerTable(ops),
    FilterExpression: '#source = :source',
    ProjectionExpression: 'eventKey, keyKind',
    ExpressionAttributeNames: { '#source': 'source' },
    ExpressionAttributeValues: { ':source': { S: source } },
  };
  const found: EventIdentity[] = [];
  for await (const { Items: items = [] } of paginateScan({ client: ops.gateway.client(DynamoDBClient) }, scan)) {
    for (const { eventKey, keyKind: kind } of items) {
      if (eventKey?.S === undefined) continue;
      const keyKind = KEY_KINDS.find((each) => each === kind?.S);
      const id = { source, key: eventKey.S, ...(keyKind && { keyKind }) };
      if (shortId(id) === given) found.push(id);
    }
  }
  return found;
}
