import { Command } from 'commander';
import { OperatorError } from '../operator-error.ts';
import { sourceNamed } from '../sources.ts';
import type { Action, Ops } from './command.ts';
import { readRecord } from './ledger-record.ts';
import type { LedgerRecord } from './ledger-record.ts';
import type { Report } from './output.ts';

/** `ops event <source> <key>`: what the ledger has of one event, in words. */
export const eventCommand = (action: Action): Command =>
  new Command('event')
    .description('What has become of one event.')
    .argument('<source>', 'a source of hookgate.config.ts')
    .argument('<key>', 'its event key')
    .action(action(showEvent));

export async function showEvent(ops: Ops, source: string, key: string): Promise<Report> {
  sourceNamed(source, ops.config.sources);
  const record = await readRecord(ops, { source, key });
  if (!record) throw new OperatorError(`The ledger knows no event "${key}" of ${source}, or has forgotten it.`);
  return { text: inWords(source, key, record, ops.clock()).join('\n'), data: record };
}

function inWords(source: string, key: string, record: LedgerRecord, now: number): string[] {
  const { eventType = 'of unknown type', via, deliveries, lastReceivedAt, secretLabel } = record;
  const signed = secretLabel === undefined ? '' : `, and verified with the ${secretLabel} secret`;
  const came = via === 'poll' ? 'found by polling' : 'delivered';
  return [
    `${key} of ${source}: ${eventType}`,
    `First ${came} at ${record.firstReceivedAt ?? 'an unknown time'}${signed}.`,
    ...(deliveries > 1 ? [`It came ${deliveries} times, last at ${lastReceivedAt ?? 'an unknown time'}.`] : []),
    statusInWords(record, now),
    ...history(record),
    ...(record.archivedIn === undefined ? [] : [`Its evidence is kept in ${record.archivedIn}`]),
    ...(record.expiresAt === undefined ? [] : [`The ledger remembers it until ${record.expiresAt}.`]),
  ];
}

function statusInWords(record: LedgerRecord, now: number): string {
  const { status, processedAt, quarantine, copyOf, leaseUntil, droppedAt } = record;
  const isHeld = leaseUntil !== undefined && leaseUntil > now;
  switch (status) {
    case 'PROCESSED':
      return copyOf === undefined
        ? `PROCESSED at ${processedAt ?? 'an unknown time'}.`
        : `PROCESSED at ${processedAt ?? 'an unknown time'}, as a copy of ${copyOf}: the same was processed under that key.`;
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

const history = (record: LedgerRecord): string[] =>
  [
    [
      record.failures > 0,
      `${record.failures} tries failed, the last at ${record.lastFailedAt}: ${record.lastFailure}.`,
    ],
    [record.releasedAt, `Released from quarantine at ${record.releasedAt} by ${record.releasedBy}.`],
    [record.droppedAt, `Dropped from quarantine at ${record.droppedAt} by ${record.droppedBy}.`],
    [
      record.replayRequestedAt,
      `Its replay was asked for at ${record.replayRequestedAt} by ${record.replayRequestedBy}.`,
    ],
    [record.replayedAt, `Processed again at ${record.replayedAt}, by order of ${record.replayedBy}.`],
  ].flatMap(([isSo, text]) => (isSo ? [String(text)] : []));
