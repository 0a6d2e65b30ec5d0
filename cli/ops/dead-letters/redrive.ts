import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { afterQueued } from '../after-queued.ts';
import { count, eventKey, lane } from '../inputs.ts';
import { depthOf, send, sweep } from '../messages.ts';
import type { HeldMessage } from '../messages.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { named, selection } from '../select.ts';
import { queuesOf } from '../source-parts.ts';
import { counted, isOrAre } from '../../text/counted.ts';

const input = z.object({
  source: lane,
  key: eventKey.optional().describe('one event, by its key or the short id of a list; default: all'),
});
const output = z.object({
  source: z.string(),
  moved: count,
  left: count.describe('messages that are in the dead-letter queue now'),
});

/** Moved messages between two lines of progress. */
const PROGRESS = 100;

/** `ops redrive <source>`: dead letters back to the queue. */
export const redriveOperation = operation({
  name: 'redrive',
  summary: 'Puts the dead letters of a source, or one of them, back into its queue, to be processed.',
  ...{ input, output, positional: ['source', 'key'] },
  effect: 'changes',
  permissions: [
    ...['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    ...['sqs:SendMessage', 'sqs:DeleteMessage', 'kms:GenerateDataKey', 'kms:Decrypt', 'dynamodb:GetItem'],
  ],
  run: (ops, given) => redrive(ops, given.source, given.key),
});

/**
 * Moves the dead letters that are there now, each message exactly as it is: send, then delete. A crash between the two leaves a
 * copy, and the processor handles one of the two. SQS has a move of its own; this one shows its progress, needs no right to
 * start tasks, and is the same on one machine, where it is tested. No more are moved than there were at the start, so an event
 * that fails again meanwhile is not moved in circles.
 */
export async function redrive(ops: Ops, source: string, key?: string): Promise<Report<z.infer<typeof output>>> {
  const [{ queueUrl, deadLettersUrl }, lines] = await Promise.all([queuesOf(source, ops), afterQueued(ops, source)]);
  const sqs = ops.gateway.client(SQSClient);
  const before = await depthOf(sqs, deadLettersUrl);
  const total = before.waiting + before.inFlight;
  // The count can lag behind: one batch is looked for if it says that there is nothing, or if one event is meant.
  const most = total === 0 || key !== undefined ? Math.max(total, 10) : total;
  const isMeant = meant(key);
  let sent = 0;
  const swept = await sweep(sqs, deadLettersUrl, most, async (message) => {
    if (!isMeant(message)) return { seen: false, isDone: false };
    await send(sqs, queueUrl, message.text);
    if (++sent % PROGRESS === 0) ops.printError(`${sent} of ${total} moved`);
    return { seen: true, isDone: true };
  });
  const moved = swept.filter(Boolean).length;
  const after = await depthOf(sqs, deadLettersUrl);
  const left = after.waiting + after.inFlight;
  const then = moved > 0 ? lines : [];
  if (key !== undefined)
    return { text: [oneMoved(source, key, moved), ...then], data: { source, moved, left }, ok: moved > 0 };
  return {
    text: [
      moved === 0 && left === 0
        ? `${source} has no dead letters.`
        : `${counted(moved, 'dead letter')} of ${source} ${isOrAre(moved)} back in its queue.`,
      ...(left > 0
        ? [`${left} are still in the dead-letter queue: somebody is looking at them now, or they failed again.`]
        : []),
      ...then,
    ],
    data: { source, moved, left },
    ok: left === 0,
  };
}

/** Says of a message whether it is meant: all are, unless a key is given. */
function meant(key: string | undefined): (message: HeldMessage) => boolean {
  const isNamed = selection(key, { limit: 0, all: key === undefined });
  return (message) => isNamed(named(message), '');
}

const oneMoved = (source: string, key: string, moved: number): string =>
  moved === 0
    ? `No dead letter of ${source} is "${key}", or somebody is looking at it now: look again in two minutes.`
    : `"${key}" of ${source} is back in its queue.`;
