import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { table } from '../../text/blocks.ts';
import { count, peek, showBodies, lane, time } from '../inputs.ts';
import { view } from '../messages.ts';
import type { HeldMessage } from '../messages.ts';
import { nameArgument, next } from '../next.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { shortId } from '../short-id.ts';
import { queuesOf } from '../source-parts.ts';
import { byReason, ReasonGroup } from './reasons.ts';
import { whyFailed } from './why.ts';

const input = z.object({ source: lane, showBodies, ...peek });

const DeadLetter = z.object({
  messageId: z.string(),
  id: z.string().describe('the short id, which commands take in place of the key'),
  key: z.string().nullable().describe('null if the message cannot be read'),
  type: z.string().nullable(),
  receivedAt: time.nullable(),
  tries: count.describe('tries of which the ledger knows why they failed'),
  reason: z.string(),
  failedAt: time.nullable(),
  body: z.string().optional().describe('only if bodies are asked for'),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

const output = z.object({
  source: z.string(),
  total: count,
  complete: z.boolean().describe('false if the queue holds dead letters that were not seen'),
  reasons: z.array(ReasonGroup).describe('the most frequent first; the dead letters are in the same order'),
  deadLetters: z.array(DeadLetter),
});

export type DeadLetterList = z.infer<typeof output>;

/** `ops dead-letters <source>`: why events failed. */
export const deadLettersList = operation({
  name: 'dead-letters list',
  summary: 'Shows the events that failed for good, and why.',
  ...{ input, output, positional: ['source'], isDefault: true },
  effect: 'reads',
  permissions: [
    ...['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    ...['kms:Decrypt', 'dynamodb:GetItem'],
  ],
  run: showDeadLetters,
});

async function showDeadLetters(ops: Ops, options: z.infer<typeof input>): Promise<Report<z.infer<typeof output>>> {
  const { source: name, limit } = options;
  const { deadLettersUrl } = await queuesOf(name, ops);
  const queue = ops.gateway.client(SQSClient);
  const { seen, total, complete, notice } = await view(queue, deadLettersUrl, limit, (message) =>
    describe(ops, message),
  );
  const { groups: reasons, sorted: deadLetters } = byReason([...seen]);
  const data = { source: name, total, complete, reasons, deadLetters };
  const [first] = deadLetters;
  if (first === undefined) return { text: total === 0 ? [`${name} has no dead letters.`] : notice, data };
  return {
    text: [
      table(
        ['reason', 'events', 'first failed', 'last failed', 'trying again'],
        reasons.map(({ reason, count: events, firstAt, lastAt, isPermanent }) => [
          ...[reason, events, firstAt ?? '-', lastAt ?? '-', isPermanent ? 'does not help' : 'may help'],
        ]),
      ),
      table(['id', 'event key', 'type', 'received', 'failed', 'tries', 'reason'], deadLetters.map(rowOf)),
      ...deadLetters.flatMap(({ id, key, body }) => (body === undefined ? [] : [`${key ?? id}:`, body])),
      ...notice,
      ...(first.key === null ? [] : [next('to see one of them', `event ${name} ${nameArgument(first)}`)]),
      next('once the cause is mended', `redrive ${name}`),
      next('to give one up for good', `dead-letters drop ${name} ${nameArgument(first)}`),
    ],
    data,
  };
}

async function describe(ops: Ops, message: HeldMessage): Promise<DeadLetter> {
  const { id: messageId, event } = message;
  const body = ops.bodyOf?.(message);
  const withBody = body !== undefined && { body };
  const { record, reason } = await whyFailed(ops, message);
  if (!event.ok) {
    const unreadable = { key: null, type: null, receivedAt: null, tries: 0, failedAt: null };
    return { messageId, id: shortId({ key: messageId }), ...unreadable, reason, ...withBody };
  }
  const { key, type, receivedAt } = event.value;
  return {
    ...{ messageId, id: shortId(event.value), key, type, receivedAt, tries: record?.failures ?? 0, reason },
    failedAt: record?.lastFailedAt ?? null,
    ...withBody,
  };
}

const rowOf = ({ id, key, type, receivedAt, failedAt, tries, reason }: DeadLetter): (string | number)[] => [
  id,
  key ?? '-',
  type ?? '-',
  receivedAt ?? '-',
  failedAt ?? '-',
  tries,
  reason,
];
