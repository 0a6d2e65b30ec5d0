import { z } from 'zod';
import type { EventIdentity } from '../../lambdas/core/event.ts';
import { laneNamed } from '../sources.ts';
import { NOT_TOLD } from '../text/not-told.ts';
import { Content, contentOf } from './event-content.ts';
import { atTargets, NotTold } from './event-targets.ts';
import type { AtTargets } from './event-targets.ts';
import { eventKey, showBodies, lane } from './inputs.ts';
import { eventNamed } from './ledger-record.ts';
import type { KeptTry, LedgerRecord } from './ledger-record.ts';
import { nameArgument, next } from './next.ts';
import { operation } from './operation.ts';
import type { Ops } from './ops.ts';
import type { Report } from './output.ts';
import { shortId } from './short-id.ts';

const input = z.object({ source: lane, key: eventKey, showBodies });

const output = z.looseObject({
  source: z.string().optional(),
  eventKey: z.string().optional(),
  status: z.string().optional(),
  deliveries: z.number(),
  failures: z.number().describe('tries that failed'),
  targets: z
    .array(z.looseObject({ source: z.string().optional() }))
    .optional()
    .describe('the same at each target that has been told of it'),
  notTold: z.array(NotTold).optional().describe('the other targets of its source'),
  content: Content.nullable().optional().describe('only if bodies are asked for; null if it is nowhere to be read yet'),
});

/** The ledger's record of an event, with what became of it at the targets of its source. */
export type EventReport = LedgerRecord & Partial<AtTargets>;

/** `ops event <source> <key>`: what the ledger has of one event, in words. */
export const eventOperation = operation({
  name: 'event',
  summary: 'Shows the history of one event.',
  ...{ input, positional: ['source', 'key'] },
  output,
  effect: 'reads',
  permissions: [
    ...['dynamodb:GetItem', 'dynamodb:Scan', 's3:GetObject', 'kms:Decrypt'],
    ...['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
  ],
  run: showEvent,
});

async function showEvent(ops: Ops, given: z.infer<typeof input>): Promise<Report<z.input<typeof output>>> {
  laneNamed(given.source, ops.config.sources);
  const named = await eventNamed(ops, given.source, given.key);
  const { id, record } = named;
  const { targets, notTold } = await atTargets(ops, id, record);
  const text = [
    ...inWords(id, record, ops.clock()),
    ...targets.flatMap((each) => targetInWords(each, ops.clock())),
    ...notTold.map(({ source: name, why }) => `At ${name}: ${NOT_TOLD[why]}.`),
  ];
  const all: EventReport = {
    ...record,
    ...(targets.length > 0 && { targets }),
    ...(notTold.length > 0 && { notTold }),
  };
  if (!ops.bodyOf) return { text, data: all };
  const content = (await contentOf(ops, named)) ?? null;
  const said =
    content === null ? ['Its body can be read once it is archived.'] : [`${content.contentType}:`, content.body];
  return { text: [...text, ...said], data: { ...all, content } };
}

const targetInWords = (record: LedgerRecord, now: number): string[] => [
  `At ${record.source ?? 'an unknown target'}: ${statusInWords(record, now)}`,
  ...history(record).map((line) => `  ${line}`),
  ...(hasFailed(record) ? [whyNext(record.source ?? '')] : []),
];

/** Whether it waits after a failed try, and so may be a dead letter. */
const hasFailed = ({ status, failures }: LedgerRecord): boolean => status === 'QUEUED' && failures > 0;

const whyNext = (name: string): string => next('to see whether it is a dead letter', `dead-letters ${name}`);

/** The proof that a signature gives, in words for whoever has to trust an event. */
const COVERAGE: Readonly<Partial<Record<string, string>>> = {
  body: 'The signature covers the whole body.',
  fields: 'The signature covers some fields of the body, and not the others.',
  caller: 'Only the caller is proved: nothing of the body is signed.',
};

function inWords(id: EventIdentity, record: LedgerRecord, now: number): string[] {
  const { source: name, key } = id;
  const argument = nameArgument({ id: shortId(id), key });
  const { eventType = 'of unknown type', via, deliveries, lastReceivedAt, secretLabel, coverage } = record;
  const signed = secretLabel === undefined ? '' : `, and verified with the ${secretLabel} secret`;
  const came = via === 'poll' ? 'found by polling' : 'delivered';
  return [
    `${key} of ${name}: ${eventType}`,
    `First ${came} at ${record.firstReceivedAt ?? 'an unknown time'}${signed}.`,
    ...(coverage === undefined ? [] : [COVERAGE[coverage] ?? `The signature covers: ${coverage}.`]),
    ...(deliveries > 1 ? [`It came ${deliveries} times, last at ${lastReceivedAt ?? 'an unknown time'}.`] : []),
    statusInWords(record, now),
    ...history(record),
    ...(hasFailed(record) ? [whyNext(name)] : []),
    ...(record.archivedIn === undefined ? [] : [`Its evidence is kept in ${record.archivedIn}`]),
    ...(record.expiresAt === undefined ? [] : [`The ledger remembers it until ${record.expiresAt}.`]),
    ...(record.status === 'QUARANTINED' && record.droppedAt === undefined
      ? [
          next('to have it processed', `quarantine release ${name} ${argument}`),
          next('to give it up', `quarantine drop ${name} ${argument}`),
        ]
      : []),
  ];
}

function statusInWords(record: LedgerRecord, now: number): string {
  const { status, processedAt, quarantine, copyOf, supersededBy, leaseUntil, droppedAt } = record;
  const isHeld = leaseUntil !== undefined && leaseUntil > now;
  switch (status) {
    case 'PROCESSED':
      if (copyOf !== undefined)
        return `PROCESSED at ${processedAt ?? 'an unknown time'}, as a copy of ${copyOf}: look at that event, which stands for it.`;
      return supersededBy === undefined
        ? `PROCESSED at ${processedAt ?? 'an unknown time'}.`
        : `PROCESSED at ${processedAt ?? 'an unknown time'}. A newer event of its order key was handled before: ${supersededBy}.`;
    case 'QUEUED':
      return isHeld
        ? 'QUEUED: a processor has it now.'
        : 'QUEUED: it waits in its queue, to be tried again, or in the dead-letter queue.';
    case 'QUARANTINED':
      return droppedAt === undefined
        ? `QUARANTINED: ${quarantine ?? 'for an unknown reason'}. It waits for a decision: quarantine release, or drop.`
        : `QUARANTINED: ${quarantine ?? 'for an unknown reason'}, and dropped.`;
    default:
      return `PENDING: perhaps not in ${quarantine === undefined ? 'its queue' : 'quarantine'} yet. The next delivery of it puts it there again.`;
  }
}

const history = (record: LedgerRecord): string[] => [...firstHistory(record), ...(record.tries ?? []).map(inALine)];

const inALine = ({ at, reason }: KeptTry): string => `  Tried at ${at}: ${reason}.`;

const firstHistory = (record: LedgerRecord): string[] =>
  [
    [
      record.failures > 0,
      record.failures === 1
        ? `1 try failed, at ${record.lastFailedAt}: ${record.lastFailure}.`
        : `${record.failures} tries failed, the last at ${record.lastFailedAt}: ${record.lastFailure}.`,
    ],
    [
      record.unorderedBy,
      `Its order was not kept, because it has no order key: no text, number or boolean at ${record.unorderedBy}.`,
    ],
    [record.releasedAt, `Released from quarantine at ${record.releasedAt} by ${record.releasedBy}.`],
    [record.droppedAt, `Dropped from quarantine at ${record.droppedAt} by ${record.droppedBy}.`],
    [
      record.replayRequestedAt,
      `Ordered to be processed again at ${record.replayRequestedAt} by ${record.replayRequestedBy}.`,
    ],
    [record.givenUpAt, `A dead letter of it was dropped at ${record.givenUpAt} by ${record.givenUpBy}.`],
    [record.replayedAt, `Processed again at ${record.replayedAt}, by order of ${record.replayedBy}.`],
  ].flatMap(([isSo, text]) => (isSo ? [String(text)] : []));
