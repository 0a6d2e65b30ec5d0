import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { decodeMessage } from '../../lambdas/core/message.ts';
import type { MessageFault, QueuedEvent } from '../../lambdas/core/message.ts';
import type { Result } from '../../lambdas/core/result.ts';

/** How many messages a queue holds: about as many, as SQS says. */
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

/** Takes a batch of messages; none where the queue is empty, which a long poll says for all of its servers. */
export async function hold(client: SQSClient, url: string, most = BATCH): Promise<HeldMessage[]> {
  const { Messages: messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(BATCH, most),
      VisibilityTimeout: HOLD_SECONDS,
      WaitTimeSeconds: 1,
    }),
  );
  return messages.map(({ MessageId: id = '', ReceiptHandle: receipt = '', Body: text = '' }) => ({
    ...{ id, receipt, text },
    event: decodeMessage(text),
  }));
}

/** Gives messages back at once. */
export async function release(client: SQSClient, url: string, held: readonly HeldMessage[]): Promise<void> {
  for (let from = 0; from < held.length; from += BATCH) {
    const entries = held.slice(from, from + BATCH).map(({ receipt }, index) => ({
      Id: String(index),
      ReceiptHandle: receipt,
      VisibilityTimeout: 0,
    }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries: entries }));
  }
}

/** What is to become of a message that was looked at. */
export interface Verdict<Seen> {
  readonly seen: Seen;
  /** Whether the message is done with, and is deleted. */
  readonly isDone: boolean;
}

/**
 * Looks at up to `most` messages of a queue that nobody else takes from, has `see` read each, deletes those that
 * are done with, and gives the others back. What is read is not kept here: a queue can hold more bodies than this process.
 */
export async function sweep<Seen>(
  client: SQSClient,
  url: string,
  most: number,
  see: (message: HeldMessage) => Promise<Verdict<Seen>>,
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
          const verdict = await see(message);
          if (verdict.isDone) {
            await remove(client, url, message);
            held.delete(message.id);
          }
          seen.set(message.id, verdict.seen);
        }),
      );
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason as Error;
    }
  } finally {
    await release(client, url, [...held.values()]);
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

export async function send(client: SQSClient, url: string, text: string): Promise<void> {
  await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: text }));
}

export async function remove(client: SQSClient, url: string, { receipt }: HeldMessage): Promise<void> {
  await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt }));
}
