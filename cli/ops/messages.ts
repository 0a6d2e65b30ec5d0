import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { DEAD_LETTER } from '../../lambdas/contract.ts';
import { decodeMessage } from '../../lambdas/core/message.ts';
import type { MessageFault, QueuedEvent } from '../../lambdas/core/message.ts';
import type { Result } from '../../lambdas/core/result.ts';

/** How many messages a queue holds, about: SQS counts no more exactly. */
export interface Depth {
  readonly waiting: number;
  readonly inFlight: number;
}

/** A message that an operator looks at. */
export interface HeldMessage {
  readonly id: string;
  readonly receipt: string;
  /** The message exactly as it is in the queue. */
  readonly text: string;
  readonly event: Result<QueuedEvent, MessageFault>;
  /** Why its last try failed, if the processor put it into this queue. */
  readonly reason?: string;
}

/** Seconds for which a message that is looked at is hidden from everybody else. */
const HOLD_SECONDS = 120;
/** Messages that SQS hands out or takes back in one call. */
const BATCH = 10;

export async function depthOf(client: SQSClient, url: string): Promise<Depth> {
  const { Attributes: attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(attributes.ApproximateNumberOfMessages),
    inFlight: Number(attributes.ApproximateNumberOfMessagesNotVisible),
  };
}

/** Takes a batch of messages; none if the queue is empty, which a long poll says for all of its servers. */
export async function hold(client: SQSClient, url: string, most = BATCH): Promise<HeldMessage[]> {
  const { Messages: messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(BATCH, most),
      VisibilityTimeout: HOLD_SECONDS,
      WaitTimeSeconds: 1,
      MessageAttributeNames: [DEAD_LETTER.reason],
    }),
  );
  return messages.map(({ MessageId: id = '', ReceiptHandle: receipt = '', Body: text = '', MessageAttributes }) => {
    const reason = MessageAttributes?.[DEAD_LETTER.reason]?.StringValue;
    return { id, receipt, text, event: decodeMessage(text), ...(reason !== undefined && { reason }) };
  });
}

/** Gives messages back at once. */
export async function giveBack(client: SQSClient, url: string, held: readonly HeldMessage[]): Promise<void> {
  for (let from = 0; from < held.length; from += BATCH) {
    const entries = held.slice(from, from + BATCH).map(({ receipt }, index) => ({
      Id: String(index),
      ReceiptHandle: receipt,
      VisibilityTimeout: 0,
    }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries: entries }));
  }
}

/** The result of a look at a message. */
export interface Sight<Seen> {
  readonly seen: Seen;
  /** Whether the message is done with, and is deleted. */
  readonly isDone: boolean;
}

/**
 * Looks at up to `most` messages of a queue that nobody else takes from: has `see` read each, deletes those that are done
 * with, and gives the others back. The texts are not kept here, because a queue can hold more bodies than this process can.
 */
export async function sweep<Seen>(
  client: SQSClient,
  url: string,
  most: number,
  see: (message: HeldMessage) => Promise<Sight<Seen>>,
): Promise<Seen[]> {
  const held = new Map<string, HeldMessage>();
  const seen = new Map<string, Seen>();
  try {
    while (seen.size < most) {
      const batch = await hold(client, url, most - seen.size);
      if (batch.length === 0) break;
      for (const message of batch) held.set(message.id, { ...message, text: '' });
      // One that fails waits for the others, so that none is given back that is about to be deleted.
      const results = await Promise.allSettled(
        batch.map(async (message) => {
          const sight = await see(message);
          if (sight.isDone) {
            await remove(client, url, message);
            held.delete(message.id);
          }
          seen.set(message.id, sight.seen);
        }),
      );
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason as Error;
    }
  } finally {
    await giveBack(client, url, [...held.values()]);
  }
  return [...seen.values()];
}

/** Looks at up to `most` messages, and gives them all back. */
export const peek = <Seen>(
  client: SQSClient,
  url: string,
  most: number,
  see: (message: HeldMessage) => Promise<Seen>,
): Promise<Seen[]> => sweep(client, url, most, async (message) => ({ seen: await see(message), isDone: false }));

/** The messages that a look at a queue saw, and whether it missed any. */
export interface View<Seen> {
  readonly seen: readonly Seen[];
  /** About how many messages are in the queue; never fewer than were seen. */
  readonly total: number;
  /** False if the queue holds messages that were not seen. */
  readonly complete: boolean;
  /** The line that tells a person of those; none if all were seen. */
  readonly notice: readonly string[];
}

/** Looks at a queue as {@link peek} does, and says how much of it that was. */
export async function view<Seen>(
  client: SQSClient,
  url: string,
  most: number,
  see: (message: HeldMessage) => Promise<Seen>,
): Promise<View<Seen>> {
  const seen = await peek(client, url, most, see);
  const { waiting, inFlight } = await depthOf(client, url);
  const total = Math.max(waiting + inFlight, seen.length);
  const unseen = total - seen.length;
  const why =
    seen.length >= most
      ? 'raise --limit to see them.'
      : 'somebody else looks at them now, or they have just come: look again in two minutes.';
  return { seen, total, complete: unseen === 0, notice: unseen === 0 ? [] : [`${unseen} more were not seen: ${why}`] };
}

export async function send(client: SQSClient, url: string, text: string): Promise<void> {
  await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: text }));
}

export async function remove(client: SQSClient, url: string, { receipt }: HeldMessage): Promise<void> {
  await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt }));
}
