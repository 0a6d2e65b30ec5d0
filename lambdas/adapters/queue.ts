import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { MAX_MESSAGE_BYTES } from '../contract.ts';
import { encodeReferring, encodeWithin } from '../core/message.ts';
import type { BodyStore, EventQueue } from '../core/ports.ts';
import { CLIENT_BOUNDS } from './clients.ts';
import { traced } from './trace.ts';

/** The region's own endpoint takes every queue's messages: a queue URL is a name, not an address. */
export const sqsClient = (): SQSClient =>
  traced(new SQSClient({ ...CLIENT_BOUNDS, useQueueUrlAsEndpoint: false }), 'SQS');

/**
 * An SQS queue that takes events. A body that no message holds is stored first and travels by reference: a send that fails
 * after that leaves an object, which the next try writes again.
 */
export const sqsQueue = (url: string, client: SQSClient, bodies: Pick<BodyStore, 'put'>): EventQueue => ({
  async send(event) {
    const text = encodeWithin(event, MAX_MESSAGE_BYTES) ?? encodeReferring(event, await bodies.put(event));
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: text }));
  },
});
