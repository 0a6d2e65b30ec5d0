import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { MemoryQueue } from './queue.ts';

const QueueUrl = 'queue';

function setUp(...texts: readonly string[]) {
  const time = { now: 0 };
  const queue = new MemoryQueue(QueueUrl, () => time.now);
  for (const MessageBody of texts) queue.execute(new SendMessageCommand({ QueueUrl, MessageBody }));
  const receive = (most = 10): { Body: string; ReceiptHandle: string }[] => {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: most, VisibilityTimeout: 120 });
    return (queue.execute(command) as { Messages: { Body: string; ReceiptHandle: string }[] }).Messages;
  };
  const remove = (ReceiptHandle = ''): object => queue.execute(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return { time, queue, receive, remove };
}

describe('the memory queue', () => {
  it('hides what was received, for the visibility time', () => {
    const { time, receive } = setUp('a', 'b');
    expect(receive(1).map(({ Body: text }) => text)).toEqual(['a']);
    expect(receive().map(({ Body: text }) => text)).toEqual(['b']);
    time.now = 119_999;
    expect(receive()).toEqual([]);
    time.now = 120_000;
    expect(receive()).toHaveLength(2);
  });

  it('deletes by the last receipt handle alone', () => {
    const { time, queue, receive, remove } = setUp('a');
    const [first] = receive();
    time.now = 120_000;
    const [second] = receive();
    remove(first?.ReceiptHandle);
    expect(queue.messages).toHaveLength(1);
    remove(second?.ReceiptHandle);
    expect(queue.messages).toEqual([]);
  });

  it('shows again what is given back, and counts what waits and what is held', () => {
    const { queue, receive } = setUp('a', 'b');
    const [held] = receive(1);
    const attributes = queue.execute(new GetQueueAttributesCommand({ QueueUrl }));
    expect(attributes).toEqual({
      Attributes: { ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesNotVisible: '1' },
    });
    const Entries = [{ Id: '0', ReceiptHandle: held?.ReceiptHandle, VisibilityTimeout: 0 }];
    queue.execute(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
    expect(receive()).toHaveLength(2);
  });

  it('keeps the attributes that are asked for, and when a message was sent, and shows a delayed one later', () => {
    const time = { now: 5_000 };
    const queue = new MemoryQueue(QueueUrl, () => time.now, true);
    const MessageAttributes = { reason: { DataType: 'String', StringValue: 'Unreachable' } };
    queue.execute(new SendMessageCommand({ QueueUrl, MessageBody: 'a', DelaySeconds: 2, MessageAttributes }));
    const look = (...MessageAttributeNames: string[]) =>
      queue.execute(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, MessageAttributeNames }));
    expect(look()).toEqual({ Messages: [] });
    time.now = 7_000;
    const seen = { Body: 'a', Attributes: { SentTimestamp: '5000' } };
    expect(look('repaired')).toMatchObject({ Messages: [seen] });
    expect(look('reason')).toMatchObject({
      Messages: [{ ...seen, MessageAttributes: { reason: { StringValue: 'Unreachable' } } }],
    });
  });

  it('refuses what it does not understand', () => {
    expect(() => setUp().queue.execute({})).toThrow('does not know');
  });
});
