import { S3Client, GetObjectCommand, CreateBucketCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { gunzipSync } from 'node:zlib';
import { archivedEvents, s3Archive } from '../../../lambdas/adapters/archive.ts';
import { bodyStore } from '../../../lambdas/adapters/body-store.ts';
import { lazyBodyStore } from '../../../lambdas/adapters/lazy-body-store.ts';
import { sqsQueue } from '../../../lambdas/adapters/queue.ts';
import { s3Objects } from '../../../lambdas/adapters/s3.ts';
import type { Objects } from '../../../lambdas/adapters/s3.ts';
import { MAX_MESSAGE_BYTES } from '../../../lambdas/contract.ts';
import { decodeMessage, encodeMessage } from '../../../lambdas/core/message.ts';
import type { Event } from '../../../lambdas/core/event.ts';
import { makeEvent } from '../core/in-memory.ts';
import { startTestAws } from '../../local/test-aws.ts';
import type { TestAws } from '../../local/test-aws.ts';

const BUCKET = 'a-bucket';
const every = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, (_, index) => index % 256));
let aws: TestAws;
let objects: Objects;

beforeAll(async () => {
  aws = await startTestAws();
  objects = s3Objects(BUCKET, aws.client);
  await aws.services.s3.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
}, 120_000);
afterEach(() => aws.faults.clear());
afterAll(() => aws.stop());

const lastCalls = (count: number) =>
  aws.calls
    .list()
    .slice(-count)
    .map(({ service, action }) => `${service} ${action}`);

describe('the body store', () => {
  it.each([
    ['text', Buffer.from('{"name":"José 😀"}')],
    ['bytes that are no UTF-8', every(1000)],
    ['three megabytes of them', every(3 * 1024 * 1024)],
  ])('gives back %s exactly, with one call each way', async (_name, body) => {
    const bodies = bodyStore(objects);
    const key = await bodies.put(makeEvent({ body }));
    expect((await bodies.get(key))?.equals(body)).toBe(true);
    expect(lastCalls(2)).toEqual(['s3 PutObject', 's3 GetObject']);
  });

  it('says that there is no such object', async () => {
    expect(await bodyStore(objects).get('bodies/osigu/none')).toBeUndefined();
  });

  it.each([
    ['AccessDenied', 403],
    ['SlowDown', 503],
  ])('does not take %s for an object that is missing', async (code, status) => {
    aws.faults.add({ service: 's3', action: 'GetObject', status, code, times: 9 });
    await expect(bodyStore(objects).get('bodies/osigu/none')).rejects.toMatchObject({ name: code });
  });

  it('has S3 hold the bytes against the hash of the event', async () => {
    const s3 = mockClient(S3Client);
    const event = makeEvent();
    await bodyStore(s3Objects(BUCKET, aws.client)).put(event);
    expect(s3.call(0).args[0].input).toMatchObject({
      ChecksumSHA256: Buffer.from(event.bodyHash, 'hex').toString('base64'),
    });
    s3.restore();
  });

  it('that is lazy is the same store', async () => {
    process.env.AWS_ENDPOINT_URL = aws.client.endpoint;
    process.env.AWS_REGION = 'us-east-1';
    process.env.AWS_ACCESS_KEY_ID = 'x';
    process.env.AWS_SECRET_ACCESS_KEY = 'x';
    process.env.AWS_SESSION_TOKEN = aws.client.credentials.sessionToken;
    const lazy = lazyBodyStore(BUCKET);
    const key = await lazy.put(makeEvent({ body: Buffer.from('lazy') }));
    expect((await lazy.get(key))?.toString()).toBe('lazy');
    delete process.env.AWS_ENDPOINT_URL;
    delete process.env.AWS_SESSION_TOKEN;
  });
});

describe('the archive', () => {
  const events = [
    makeEvent({
      evidence: { headers: { 'x-osigu-signature': 't=1,v1=ab' }, secretLabel: 'previous', secretVersionId: 'v7' },
    }),
    makeEvent({ key: 'evt_2', body: every(1000), time: '2026-01-02T03:04:00.000Z', via: 'poll' }),
    makeEvent({ key: 'evt_3', body: Buffer.from('line one\nline two\u2028three\n') }),
  ];

  it('keeps a batch as one compressed object: one line of JSON an event, with all its evidence', async () => {
    await s3Archive(objects).keep('archive/osigu/2026/01/02/03/r.jsonl.gz', events);
    expect(lastCalls(1)).toEqual(['s3 PutObject']);
    const { Body, ContentType } = await aws.services.s3.client.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: 'archive/osigu/2026/01/02/03/r.jsonl.gz' }),
    );
    const compressed = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect(ContentType).toBe('application/gzip');
    const lines = gunzipSync(compressed).toString('utf8').split('\n');
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      ...{ version: 1, source: 'osigu', provider: 'osigu', key: 'evt_1', type: 'authorization.created' },
      ...{ via: 'webhook', receivedAt: '2026-01-02T03:04:05.678Z', contentType: 'application/json' },
      bodyHash: events[0]?.bodyHash,
      evidence: { headers: { 'x-osigu-signature': 't=1,v1=ab' }, secretLabel: 'previous', secretVersionId: 'v7' },
      body: { encoding: 'utf8', data: '{"event_id":"evt_1"}' },
    });
    expect(archivedEvents(compressed)).toEqual(events.map((value) => ({ ok: true, value })));
  });

  it('rejects where S3 takes nothing', async () => {
    aws.faults.add({ service: 's3', status: 503, code: 'SlowDown', times: 9 });
    await expect(s3Archive(objects).keep('archive/x', events)).rejects.toMatchObject({ name: 'SlowDown' });
  });
});

describe('a queue', () => {
  const sent = async (event: Event, put = (): Promise<string> => Promise.resolve('the-key')) => {
    const sqs = mockClient(SQSClient);
    let stored = 0;
    const bodies = { put: () => (stored++, put()) };
    try {
      await sqsQueue('url', new SQSClient({}), bodies).send(event);
      return { text: sqs.commandCalls(SendMessageCommand)[0]?.args[0].input.MessageBody ?? '', stored };
    } finally {
      sqs.restore();
    }
  };
  /** An event whose message has exactly so many bytes. */
  const ofMessageBytes = (bytes: number): Event => {
    const envelope = Buffer.byteLength(encodeMessage(makeEvent({ body: Buffer.alloc(100, 'a') }))) - 100;
    return makeEvent({ body: Buffer.alloc(bytes - envelope, 'a') });
  };

  it('takes what a message holds, and stores nothing', async () => {
    const { text, stored } = await sent(ofMessageBytes(MAX_MESSAGE_BYTES));
    expect([Buffer.byteLength(text), stored]).toEqual([1_048_576, 0]);
  });

  it('takes one byte more by reference', async () => {
    const event = ofMessageBytes(MAX_MESSAGE_BYTES + 1);
    const { text, stored } = await sent(event);
    const { body, ...head } = event;
    expect(stored).toBe(1);
    expect(decodeMessage(text)).toEqual({ ok: true, value: { ...head, body: { encoding: 's3', key: 'the-key' } } });
  });

  it('takes by reference what is too long in base64 alone', async () => {
    expect((await sent(makeEvent({ body: every(700_000) }))).stored).toBe(0);
    expect((await sent(makeEvent({ body: every(800_000) }))).stored).toBe(1);
  });

  it('sends no message where the body could not be stored', async () => {
    const event = ofMessageBytes(MAX_MESSAGE_BYTES + 1);
    await expect(sent(event, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  });
});
