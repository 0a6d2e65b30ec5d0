import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { traced } from '../../adapters/trace.ts';
import { MAX_MESSAGE_BYTES } from '../../contract.ts';
import { groupOf, nameOf } from '../../core/process/task-names.ts';
import { oneByOne, sendText, settings, target } from './deliver.ts';

const client = traced(new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }), 'SQS');
const [, , , region, account, name = ''] = target.split(':');
const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;

/** Sends each event to a queue; to one that is FIFO by the event's line, and once in its five minutes. */
export const makeHandler = oneByOne(async (task) => {
  const fifo = name.endsWith('.fifo') && { MessageGroupId: groupOf(task), MessageDeduplicationId: nameOf(task) };
  await sendText(task.event, MAX_MESSAGE_BYTES, (MessageBody) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...fifo })),
  );
});
