import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { sourceNamed } from '../../sources.ts';
import { table } from '../../text/blocks.ts';
import { count, optionalSource, peek, showBodies, time } from '../inputs.ts';
import { view } from '../messages.ts';
import type { HeldMessage } from '../messages.ts';
import { nameArgument, next } from '../next.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { shortId } from '../short-id.ts';
import { quarantineOf } from '../source-parts.ts';
import { reasonOf } from './waiting.ts';

const input = z.object({ source: optionalSource, showBodies, ...peek });

const Waiting = z.object({
  source: z.string(),
  id: z.string().describe('the short id, which commands take in place of the key'),
  key: z.string().nullable().describe('null if the message cannot be read'),
  type: z.string().nullable(),
  reason: z.string(),
  receivedAt: time.nullable(),
  body: z.string().optional().describe('only if bodies are asked for'),
});
export type Waiting = z.infer<typeof Waiting>;

const output = z.object({
  total: count,
  complete: z.boolean().describe('false if a quarantine queue holds events that were not seen'),
  reasons: z.array(z.object({ source: z.string(), reason: z.string(), count })),
  events: z.array(Waiting),
});

export type QuarantineList = z.infer<typeof output>;

/** `ops quarantine list`: what waits for a decision. */
export const quarantineList = operation({
  name: 'quarantine list',
  summary: 'Lists the events that wait for a decision, and why.',
  ...{ input, output, positional: ['source'] },
  effect: 'reads',
  permissions: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes', 'kms:Decrypt'],
  run: listQuarantine,
});

async function listQuarantine(ops: Ops, options: z.infer<typeof input>): Promise<Report<z.infer<typeof output>>> {
  const names =
    options.source === undefined
      ? ops.config.sources.map(({ name }) => name)
      : [sourceNamed(options.source, ops.config.sources).name];
  const client = ops.gateway.client(SQSClient);
  const views = await Promise.all(
    names.map(async (source) => {
      const quarantineUrl = await quarantineOf(source, ops);
      const seen = await view(client, quarantineUrl, options.limit, (message) =>
        Promise.resolve(describe(source, message, ops.bodyOf?.(message))),
      );
      return { ...seen, notice: seen.notice.map((line) => `${source}: ${line}`) };
    }),
  );
  const events = views.flatMap(({ seen }) => seen);
  const notices = views.flatMap(({ notice }) => notice);
  const reasons = countReasons(events);
  const total = views.reduce((sum, one) => sum + one.total, 0);
  const data = { total, complete: views.every(({ complete }) => complete), reasons, events };
  const [first] = events;
  if (first === undefined) return { text: total === 0 ? ['Nothing waits in quarantine.'] : notices, data };
  const argument = nameArgument(first);
  return {
    text: [
      table(
        ['source', 'reason', 'events'],
        reasons.map(({ source, reason, count: waiting }) => [source, reason, waiting]),
      ),
      table(['source', 'id', 'event key', 'type', 'reason', 'received'], events.map(rowOf)),
      ...events.flatMap(({ id, key, body }) => (body === undefined ? [] : [`${key ?? id}:`, body])),
      ...notices,
      ...(first.key === null ? [] : [next('to have one processed', `quarantine release ${first.source} ${argument}`)]),
      next('to give one up', `quarantine drop ${first.source} ${argument}`),
    ],
    data,
  };
}

function describe(source: string, message: HeldMessage, body: string | undefined): Waiting {
  const { id, event } = message;
  const withBody = body !== undefined && { body };
  const reason = reasonOf(message);
  if (!event.ok) {
    const unreadable = { key: null, type: null, receivedAt: null };
    return { source, id: shortId({ key: id }), ...unreadable, reason, ...withBody };
  }
  const { key, type, receivedAt } = event.value;
  return {
    source,
    id: shortId(event.value),
    key,
    type,
    reason,
    receivedAt,
    ...withBody,
  };
}

function countReasons(events: readonly Waiting[]): z.infer<typeof output>['reasons'] {
  const groups = Map.groupBy(events, ({ source, reason }) => JSON.stringify([source, reason]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ source: first.source, reason: first.reason, count: group.length }] : [];
  });
}

const rowOf = ({ source, id, key, type, reason, receivedAt }: Waiting): string[] => [
  source,
  id,
  key ?? '-',
  type ?? '-',
  reason,
  receivedAt ?? '-',
];
