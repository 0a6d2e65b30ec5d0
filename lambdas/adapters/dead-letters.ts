import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { DEAD_LETTER } from '../contract.ts';
import type { DeadLetters } from '../core/process/repair.ts';
import { hasRoom } from './retries.ts';
import type { RetryQueues } from './retries.ts';

/** Seconds for which dead letters that are looked at are hidden from others: those that stay are so not seen by each look. */
const HOLD_SECONDS = 120;
/** Messages that SQS hands out or takes back in one call. */
const BATCH = 10;
/** Seconds of a long poll, which asks all of the queue's servers: a short one can say of a queue that it is empty, and it is not. */
const WAIT_SECONDS = 1;

/** The dead letters of a source on SQS. */
export const sqsDeadLetters = (
  client: Pick<SQSClient, 'send'>,
  { queueUrl, deadLettersUrl }: RetryQueues,
): DeadLetters => ({
  async take() {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({
        ...{ QueueUrl: deadLettersUrl, MaxNumberOfMessages: BATCH },
        ...{ VisibilityTimeout: HOLD_SECONDS, WaitTimeSeconds: WAIT_SECONDS },
        MessageAttributeNames: [DEAD_LETTER.reason, DEAD_LETTER.repaired],
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    return messages.map(({ ReceiptHandle: receipt = '', Body: text = '', Attributes, MessageAttributes }) => {
      const reason = MessageAttributes?.[DEAD_LETTER.reason]?.StringValue;
      const isSpent = MessageAttributes?.[DEAD_LETTER.repaired] !== undefined || !hasRoom(text);
      const diedAt = Number(Attributes?.SentTimestamp ?? 0);
      return { receipt, text, diedAt, isSpent, ...(reason !== undefined && { reason }) };
    });
  },

  async giveBack(letters) {
    for (let from = 0; from < letters.length; from += BATCH) {
      const Entries = letters.slice(from, from + BATCH).map(({ receipt }, index) => ({
        ...{ Id: String(index), ReceiptHandle: receipt, VisibilityTimeout: 0 },
      }));
      await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: deadLettersUrl, Entries }));
    }
  },

  async putBack({ text, receipt }, seconds) {
    const MessageAttributes = { [DEAD_LETTER.repaired]: { DataType: 'String', StringValue: 'once' } };
    await client.send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: text, DelaySeconds: seconds, MessageAttributes }),
    );
    await client.send(new DeleteMessageCommand({ QueueUrl: deadLettersUrl, ReceiptHandle: receipt }));
  },
});
