import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { encodeMessage } from '../core/message.ts';
import type { EventQueue } from '../core/ports.ts';
import { CLIENT_BOUNDS } from './clients.ts';

/** The region's own endpoint takes every queue's messages: a queue URL is a name, not an address. */
export const sqsClient = (): SQSClient => new SQSClient({ ...CLIENT_BOUNDS, useQueueUrlAsEndpoint: false });

/** An SQS queue that takes events. */
export const sqsQueue = (url: string, client: SQSClient): EventQueue => ({
  async send(event) {
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: encodeMessage(event) }));
  },
});
