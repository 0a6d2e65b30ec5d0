import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { DEAD_LETTER, MAX_MESSAGE_BYTES } from '../contract.ts';
import type { Retries } from '../core/process/failures.ts';

export interface RetryQueues {
  readonly queueUrl: string;
  readonly deadLettersUrl: string;
}

/**
 * Further tries on SQS. A message that is reported as failed stays in its queue for as long as its visibility was set, and
 * Lambda does not change that. `receipts` are the receipt handles of a batch, ten at most, by message id.
 */
export const sqsRetries = (
  client: Pick<SQSClient, 'send'>,
  { queueUrl, deadLettersUrl }: RetryQueues,
  receipts: ReadonlyMap<string, string>,
): Retries => ({
  async delay(delays) {
    const Entries = delays.map(({ id, seconds }, index) => ({
      ...{ Id: String(index), ReceiptHandle: receipts.get(id), VisibilityTimeout: seconds },
    }));
    const { Failed: failed = [] } = await client.send(
      new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }),
    );
    if (failed.length > 0) throw Object.assign(new Error('refused'), { name: failed[0]?.Code ?? 'BatchEntryFailed' });
  },

  async callBack(receipt) {
    const hidden = { QueueUrl: queueUrl, ReceiptHandle: receipt };
    await client.send(new ChangeMessageVisibilityCommand({ ...hidden, VisibilityTimeout: 0 }));
  },

  async giveUp(text, reason, wasRepaired) {
    const said = { [DEAD_LETTER.reason]: shown(reason), ...(wasRepaired && { [DEAD_LETTER.repaired]: 'once' }) };
    const attributes = Object.entries(said).map(
      ([name, StringValue]) => [name, { DataType: 'String', StringValue }] as const,
    );
    await client.send(
      new SendMessageCommand({
        ...{ QueueUrl: deadLettersUrl, MessageBody: text },
        ...(hasRoom(text) && { MessageAttributes: Object.fromEntries(attributes) }),
      }),
    );
  },
});

/** Whether a message has room for attributes: SQS counts them as a part of it. */
export const hasRoom = (text: string): boolean => Buffer.byteLength(text) <= MAX_MESSAGE_BYTES - ROOM_BYTES;

/** More bytes than all attributes of a dead letter have. */
const ROOM_BYTES = 2_048;
/** Characters of the longest reason that is kept: a reason can be the name of a customer's own error. */
const MAX_REASON_LENGTH = 100;

/** SQS takes no empty text, and not every character. */
const shown = (reason: string): string =>
  reason.slice(0, MAX_REASON_LENGTH).replaceAll(/\p{C}/gu, ' ').trim() || 'unknown';
