import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { decodeKey } from '../../../lambdas/core/event-key.ts';
import { STATUSES } from '../../../lambdas/core/ports.ts';
import { parseEventItemKey } from '../../../lambdas/contract.ts';
import { OperatorError } from '../../operator-error.ts';
import { laneNamed } from '../../sources.ts';
import { shellWord } from '../../text/shell-word.ts';
import { table } from '../../text/blocks.ts';
import { count, optionalLane, time, wholeNumber } from '../inputs.ts';
import { toRecord } from '../ledger-record.ts';
import { nameArgument, next } from '../next.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { shortId } from '../short-id.ts';
import { ledgerTable } from '../source-parts.ts';
import { timeNamed } from '../time-input.ts';
import { cursorOf, placeOf } from './cursor.ts';
import { END, newestFirst, nextOf, START } from './places.ts';
import type { Place } from './places.ts';
import { BATCH, readItems } from './records.ts';

const input = z.object({
  source: optionalLane,
  status: z
    .enum(STATUSES, { error: `It must be one of ${STATUSES.join(', ')}.` })
    .optional()
    .describe(`only events of this status: ${STATUSES.join(', ')}`),
  type: z.string().optional().describe('only events of this type'),
  reason: z
    .string()
    .optional()
    .describe('only events with this reason: of the quarantine, or of the last try that failed'),
  since: z.string().optional().describe('only events that came from this time on: 2026-03-01T09:00:00Z, 90m, 24h, 7d'),
  until: z.string().optional().describe('and before this time'),
  limit: wholeNumber(1, 1000).default(50).describe('the most events of a page'),
  after: z.string().optional().describe('go on behind an earlier page: its next'),
});
type Input = z.infer<typeof input>;

const Listed = z.object({
  source: z.string(),
  id: z.string().describe('the short id, which commands take in place of the key'),
  key: z.string(),
  type: z.string().nullable(),
  status: z.enum(STATUSES),
  reason: z.string().nullable().describe('why it is in quarantine, or why its last try failed'),
  receivedAt: time,
  processedAt: time.nullable(),
  deliveries: count,
  failures: count.describe('tries that failed'),
});
export type Listed = z.infer<typeof Listed>;

const output = z.object({
  events: z.array(Listed).describe('the newest first'),
  next: z.string().nullable().describe('what --after takes for the next page; null if this is the last one'),
  searched: count.describe('events that were looked at'),
});
export type EventsPage = z.infer<typeof output>;

/** `ops events [source]`: the events, newest first. */
export const eventsList = operation({
  name: 'events',
  summary: 'Lists events, the newest first, in pages.',
  ...{ input, output, positional: ['source'] },
  effect: 'reads',
  permissions: ['dynamodb:Query', 'dynamodb:BatchGetItem', 'kms:Decrypt'],
  run: listEvents,
});

/** The most events that are looked at for one page: a filter that few events pass must not read the whole ledger. */
const MOST_SEARCHED = 5_000;

async function listEvents(ops: Ops, given: Input): Promise<Report<z.infer<typeof output>>> {
  const names =
    given.source === undefined
      ? ops.config.sources.map(({ name }) => name)
      : [laneNamed(given.source, ops.config.sources).name];
  const page = await readPage(ops, names, given).catch(withoutIndex);
  const [first] = page.events;
  return {
    text: [
      ...(first
        ? [table(['received', 'source', 'id', 'event key', 'type', 'status', 'reason'], page.events.map(rowOf))]
        : [`No such event is among the ${page.searched} that were looked at.`]),
      ...(first ? [next('to see one of them', `event ${first.source} ${nameArgument(first)}`)] : []),
      ...(page.next === null ? [] : [next('for older ones', commandOf(given, page.next))]),
    ],
    data: page,
  };
}

async function readPage(ops: Ops, names: readonly string[], given: Input): Promise<z.infer<typeof output>> {
  const client = ops.gateway.client(DynamoDBClient);
  const name = ledgerTable(ops);
  const places = newestFirst(
    { client, table: name, pageSize: Math.min(BATCH, given.limit) },
    names,
    rangeOf(ops, given),
  );
  const events: Listed[] = [];
  let [searched, last] = [0, ''];
  for (;;) {
    const batch: Place[] = [];
    const most = Math.min(BATCH, given.limit - events.length, MOST_SEARCHED - searched);
    while (batch.length < most) {
      const place = await nextOf(places);
      if (!place) break;
      batch.push(place);
    }
    const items = await readItems(
      client,
      name,
      batch.map(({ pk }) => pk),
    );
    for (const { pk, place } of batch) {
      const event = listedOf(pk, toRecord(items.get(pk) ?? {}), ops.clock());
      if (event && isMeant(event, given)) events.push(event);
      last = place;
    }
    searched += batch.length;
    if (batch.length < most) return { events, next: null, searched };
    if (events.length === given.limit || searched === MOST_SEARCHED) return { events, next: cursorOf(last), searched };
  }
}

function rangeOf({ clock }: Ops, { since, until, after }: Input) {
  const placeAt = (option: string, text: string): string => timeNamed(option, text, clock()).toISOString();
  const ends = [
    ...(until === undefined ? [] : [placeAt('--until', until)]),
    ...(after === undefined ? [] : [placeOf(after)]),
  ];
  const before = ends.sort()[0] ?? END;
  const from = since === undefined ? START : placeAt('--since', since);
  if (from > before) throw new OperatorError('--since is not before --until, or before the page that --after names.');
  return { from, before };
}

/** The event as it is listed; undefined for an item that the ledger has forgotten, or is about to. */
function listedOf(pk: string, record: ReturnType<typeof toRecord>, now: number): Listed | undefined {
  const { source, key: encoded } = parseEventItemKey(pk) ?? {};
  const status = STATUSES.find((each) => each === record.status);
  if (source === undefined || encoded === undefined || status === undefined) return undefined;
  if (record.expiresAt !== undefined && Date.parse(record.expiresAt) < now) return undefined;
  const key = decodeKey(encoded);
  return {
    ...{ source, id: shortId(key), key: key.key, type: record.eventType ?? null, status },
    reason: (status === 'PROCESSED' ? undefined : (record.quarantine ?? record.lastFailure)) ?? null,
    ...{ receivedAt: record.firstReceivedAt ?? '', processedAt: record.processedAt ?? null },
    ...{ deliveries: record.deliveries, failures: record.failures },
  };
}

const isMeant = (event: Listed, { status, type, reason }: Input): boolean =>
  (status === undefined || event.status === status) &&
  (type === undefined || event.type === type) &&
  // The text after a colon explains the reason to a person.
  (reason === undefined || event.reason === reason || event.reason?.startsWith(`${reason}: `) === true);

const rowOf = ({ receivedAt, source, id, key, type, status, reason }: Listed): string[] => [
  ...[receivedAt, source, id, key, type ?? '-', status, reason ?? '-'],
];

/** The command that shows the next page. */
function commandOf(given: Input, cursor: string): string {
  const { source, limit } = given;
  const options = (['status', 'type', 'reason', 'since', 'until'] as const).flatMap((name) =>
    given[name] === undefined ? [] : [`--${name} ${shellWord(given[name])}`],
  );
  return [
    'events',
    ...(source === undefined ? [] : [source]),
    ...options,
    `--limit ${limit}`,
    `--after ${cursor}`,
  ].join(' ');
}

/** A ledger of an earlier version has no list yet. */
function withoutIndex(error: unknown): never {
  if (error instanceof Error && error.message.includes('specified index'))
    throw new OperatorError(
      'The ledger has no list of its events yet: deploy this version of the gateway, or start the local one without the data directory of an earlier version.',
    );
  throw error;
}
