import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import type { Action, Ops } from './command.ts';
import { readRecord } from './ledger-record.ts';
import type { LedgerRecord } from './ledger-record.ts';
import { bodyText, limitOption } from './message-options.ts';
import type { PeekOptions } from './message-options.ts';
import { depthOf, peek } from './messages.ts';
import type { HeldMessage } from './messages.ts';
import { table } from './output.ts';
import type { Report } from './output.ts';
import { queuesOf } from './source-parts.ts';

/** A dead letter as `--json` shows it. */
interface DeadLetter {
  readonly messageId: string;
  /** Null where the message cannot be read. */
  readonly key: string | null;
  readonly type: string | null;
  /** ISO 8601. */
  readonly receivedAt: string | null;
  /** Tries of which the ledger knows why they failed. */
  readonly tries: number;
  readonly reason: string;
  /** ISO 8601. */
  readonly failedAt: string | null;
  /** Only where bodies are asked for. */
  readonly body?: string;
}

/** `ops dead-letters <source>`: why events failed. */
export const deadLettersCommand = (action: Action): Command =>
  new Command('dead-letters')
    .description('Events that failed five times: how many, and why.')
    .argument('<source>', 'a source of hookgate.config.ts')
    .option('--show-bodies', 'show the bodies too: they can be health data')
    .addOption(limitOption())
    .action(action(showDeadLetters));

export async function showDeadLetters(ops: Ops, source: string, options: PeekOptions): Promise<Report> {
  const { deadLettersUrl } = await queuesOf(source, ops);
  const sqs = ops.target.client(SQSClient);
  const deadLetters = await peek(sqs, deadLettersUrl, options.limit, (message) => explain(ops, message, options));
  const reasons = countReasons(deadLetters);
  const { waiting } = await depthOf(sqs, deadLettersUrl);
  const total = Math.max(waiting, deadLetters.length);
  if (total === 0) return { text: `${source} has no dead letters.`, data: { source, total, reasons, deadLetters } };
  return {
    text: [
      table(
        ['reason', 'events'],
        reasons.map(({ reason, count }) => [reason, count]),
      ),
      table(['event key', 'type', 'received', 'failed', 'tries', 'reason'], deadLetters.map(rowOf)),
      ...deadLetters.flatMap(({ key, body }) => (body === undefined ? [] : [`${key ?? 'unreadable'}:`, body])),
      ...(total > deadLetters.length ? [`${total - deadLetters.length} more: raise --limit to see them.`] : []),
      `Next: once the cause is mended: npm run ops -- redrive ${source}`,
    ].join('\n'),
    data: { source, total, reasons, deadLetters },
  };
}

async function explain(ops: Ops, { id, event, text }: HeldMessage, { showBodies }: PeekOptions): Promise<DeadLetter> {
  if (!event.ok) {
    const unreadable = { key: null, type: null, receivedAt: null, tries: 0, failedAt: null };
    return { messageId: id, ...unreadable, reason: `message_${event.reason}`, ...(showBodies && { body: text }) };
  }
  const { source, key, type, receivedAt } = event.value;
  const record = await readRecord(ops, { source, key });
  return {
    ...{ messageId: id, key, type, receivedAt, tries: record?.failures ?? 0, reason: reasonOf(record) },
    failedAt: record?.lastFailedAt ?? null,
    ...(showBodies && { body: bodyText(event.value) }),
  };
}

/** Why the last try failed. A processor that is killed writes nothing down: its lease is what is left of it. */
function reasonOf(record: LedgerRecord | undefined): string {
  if (record?.status === 'PROCESSED' && record.failures === 0) return 'none: a copy of a processed event';
  if (record?.leaseUntil !== undefined) return 'processor_died: it crashed or timed out';
  return record?.lastFailure ?? 'unknown: the processor never took it';
}

function countReasons(deadLetters: readonly DeadLetter[]): { reason: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of deadLetters) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}

const rowOf = ({ key, type, receivedAt, failedAt, tries, reason }: DeadLetter): (string | number)[] => [
  key ?? '-',
  type ?? '-',
  receivedAt ?? '-',
  failedAt ?? '-',
  tries,
  reason,
];
