import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { traced } from '../../adapters/trace.ts';
import { groupOf, nameOf } from '../../core/process/task-names.ts';
import { sourceOf } from '../../core/target.ts';
import { oneByOne, settings, target, textOf } from './deliver.ts';

const MAX_BYTES = 256 * 1024;
/** Bytes of the attributes, which count too. */
const ATTRIBUTE_BYTES = 1024;

const client = traced(new SNSClient(settings), 'SNS');

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

/** Publishes each event to a topic, with its source and type as attributes, so that a subscription can filter by them. */
export const makeHandler = oneByOne(async (task) =>
  client.send(
    new PublishCommand({
      TopicArn: target,
      Message: await textOf(task.event, MAX_BYTES - ATTRIBUTE_BYTES),
      MessageAttributes: { source: text(sourceOf(task.event.source)), type: text(task.event.type) },
      ...(target.endsWith('.fifo') && { MessageGroupId: groupOf(task), MessageDeduplicationId: nameOf(task) }),
    }),
  ),
);
