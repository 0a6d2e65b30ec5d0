import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { traced } from '../../adapters/trace.ts';
import { MAX_MESSAGE_BYTES } from '../../contract.ts';
import { groupOf, nameOf } from '../../core/process/task-names.ts';
import { oneByOne, settings, target, textOf } from './deliver.ts';

const client = traced(new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }), 'SQS');
const [, , , region, account, name = ''] = target.split(':');
const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;

/** Sends each event to a queue; to one that is FIFO by the event's line, and once in its five minutes. */
export const makeHandler = oneByOne(async (task) =>
  client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: await textOf(task.event, MAX_MESSAGE_BYTES),
      ...(name.endsWith('.fifo') && { MessageGroupId: groupOf(task), MessageDeduplicationId: nameOf(task) }),
    }),
  ),
);
