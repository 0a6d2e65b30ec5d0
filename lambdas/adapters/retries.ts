import { ChangeMessageVisibilityBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
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

  async giveUp(text) {
    await client.send(new SendMessageCommand({ QueueUrl: deadLettersUrl, MessageBody: text }));
  },
});
