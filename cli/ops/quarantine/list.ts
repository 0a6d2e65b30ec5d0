import { SQSClient } from '@aws-sdk/client-sqs';
import { sourceNamed } from '../../sources.ts';
import type { Ops } from '../command.ts';
import { bodyText } from '../message-options.ts';
import type { PeekOptions } from '../message-options.ts';
import { depthOf, peek } from '../messages.ts';
import type { HeldMessage } from '../messages.ts';
import { table } from '../output.ts';
import type { Report } from '../output.ts';
import { quarantineUrl } from '../source-parts.ts';

/** An event in quarantine as `--json` shows it; null where the message cannot be read. */
interface Waiting {
  readonly source: string | null;
  readonly key: string | null;
  readonly type: string | null;
  readonly reason: string;
  /** ISO 8601. */
  readonly receivedAt: string | null;
  /** Only where bodies are asked for. */
  readonly body?: string;
}

/** What waits in quarantine, and why. */
export async function listQuarantine(ops: Ops, source: string | undefined, options: PeekOptions): Promise<Report> {
  if (source !== undefined) sourceNamed(source, ops.config.sources);
  const [sqs, url] = [ops.target.client(SQSClient), quarantineUrl(ops)];
  const seen = await peek(sqs, url, options.limit, (message) => Promise.resolve(describe(message, options)));
  const events = seen.filter((event) => source === undefined || event.source === source);
  const { waiting } = await depthOf(sqs, url);
  const reasons = countReasons(events);
  const data = { total: Math.max(waiting, seen.length), reasons, events };
  if (events.length === 0) return { text: 'Nothing waits in quarantine.', data };
  return {
    text: [
      table(
        ['source', 'reason', 'events'],
        reasons.map(({ source: of, reason, count }) => [of ?? '-', reason, count]),
      ),
      table(['source', 'event key', 'type', 'reason', 'received'], events.map(rowOf)),
      ...events.flatMap(({ key, body }) => (body === undefined ? [] : [`${key ?? 'unreadable'}:`, body])),
      ...(waiting > seen.length ? [`${waiting - seen.length} more: raise --limit to see them.`] : []),
      'Next: npm run ops -- quarantine release <source> <key>, or: npm run ops -- quarantine drop <source> <key>',
    ].join('\n'),
    data,
  };
}

function describe({ event: message, text }: HeldMessage, { showBodies = false }: PeekOptions): Waiting {
  if (!message.ok) {
    const unreadable = { source: null, key: null, type: null, receivedAt: null };
    return { ...unreadable, reason: `message_${message.reason}`, ...(showBodies && { body: text }) };
  }
  const { source, key, type, receivedAt, quarantine = 'unknown' } = message.value;
  return { source, key, type, receivedAt, reason: quarantine, ...(showBodies && { body: bodyText(message.value) }) };
}

function countReasons(events: readonly Waiting[]) {
  const groups = Map.groupBy(events, ({ source, reason }) => JSON.stringify([source, reason]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ source: first.source, reason: first.reason, count: group.length }] : [];
  });
}

const rowOf = ({ source, key, type, reason, receivedAt }: Waiting): string[] => [
  source ?? '-',
  key ?? '-',
  type ?? '-',
  reason,
  receivedAt ?? '-',
];
