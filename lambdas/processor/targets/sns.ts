import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { traced } from '../../adapters/trace.ts';
import { groupOf, nameOf } from '../../core/process/task-names.ts';
import { sourceOf } from '../../core/target.ts';
import { oneByOne, sendText, settings, target } from './deliver.ts';

const MAX_BYTES = 256 * 1024;
/** Bytes of the attributes, which count too. */
const ATTRIBUTE_BYTES = 1024;

const client = traced(new SNSClient(settings), 'SNS');

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

/** SNS takes no other characters in an attribute, and no empty one: the type is a text of the sender's. */
const TAKEN = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u;

/** Publishes each event to a topic, with its source and type as attributes, so that a subscription can filter by them. */
export const makeHandler = oneByOne(async (task) => {
  const { source, type } = task.event;
  const attributes = { source: text(sourceOf(source)), type: text(TAKEN.test(type) ? type : 'unknown') };
  const fifo = target.endsWith('.fifo') && { MessageGroupId: groupOf(task), MessageDeduplicationId: nameOf(task) };
  await sendText(task.event, MAX_BYTES - ATTRIBUTE_BYTES, (Message) =>
    client.send(new PublishCommand({ TopicArn: target, Message, MessageAttributes: attributes, ...fifo })),
  );
});
