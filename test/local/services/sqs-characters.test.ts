import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { startSqs } from '../../../local/services/sqs.ts';

describe('SQS', () => {
  it.each([
    ...['\t\n\r', ' ~\u007F\u0085\u009F', '\uD7FF\uE000\uFFFD', '😀👩‍⚕️𝒳\u{10000}\u{10FFFF}'].map((text) => ({
      text,
      isTaken: true,
    })),
    ...['\u0000', '\u0008', '\u000B', '\u001F', '\uFFFE', '\uFFFF', '\uD83D', '\uDE00\uD83D'].map((text) => ({
      ...{ text, isTaken: false },
    })),
  ])('takes $text as a message: $isTaken', async ({ text, isTaken }) => {
    const sqs = await startSqs('us-east-1');
    const { QueueUrl } = await sqs.client.send(new CreateQueueCommand({ QueueName: 'queue' }));
    const sent = sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: `x${text}` }));
    if (isTaken) await sent;
    else await expect(sent).rejects.toMatchObject({ name: expect.stringContaining('InvalidMessageContents') });
    const { Messages = [] } = await sqs.client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages.map(({ Body }) => Body)).toEqual(isTaken ? [`x${text}`] : []);
    await sqs.stop();
  });
});
