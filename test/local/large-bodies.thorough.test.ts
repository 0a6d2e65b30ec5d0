import { InvokeCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { archivedEvents } from '../../lambdas/adapters/archive.ts';
import { sqsQueue } from '../../lambdas/adapters/queue.ts';
import { sha256 } from '../../lambdas/core/hash.ts';
import { bodyKey } from '../../lambdas/core/large-body.ts';
import { encodeMessage } from '../../lambdas/core/message.ts';
import { MAX_BODY_BYTES } from '../../lib/config/limits.ts';
import type { AwsCall } from '../../local/call-log.ts';
import { makeEvent } from '../lambdas/core/in-memory.ts';
import { eventually } from './eventually.ts';
import type { SourceClient } from './gateway-client.ts';
import { ARCHIVE, BODIES, largeEvent, startStoringGateway } from './storing-gateway.ts';

const MEGABYTE = 1024 * 1024;
let local: Awaited<ReturnType<typeof startStoringGateway>>;

beforeAll(async () => {
  local = await startStoringGateway();
}, 120_000);
afterEach(async () => {
  await fetch(`${local.gateway.url}/_local/faults`, { method: 'DELETE' });
});
afterAll(() => local.stop(), 30_000);

const keyOf = (source: SourceClient, body: Buffer): string => source.keyOf(body);

async function callsOf(name: string): Promise<AwsCall[]> {
  const calls = (await (await fetch(`${local.gateway.url}/_local/aws-calls`)).json()) as AwsCall[];
  return calls.filter(({ function: caller }) => caller === name);
}

/** Before any try has failed: while some have, each batch tells the breaker of its own. */
describe('ten events in a batch', () => {
  it('cost one call of the archive: 2.2 calls an event in all', async () => {
    const Records = Array.from({ length: 10 }, () => {
      const event = makeEvent({ key: `batch-${randomUUID()}` });
      const attributes = { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) };
      return { messageId: event.key, receiptHandle: event.key, body: encodeMessage(event), attributes };
    });
    const before = (await callsOf('OsiguProcessor')).length;
    const { Payload } = await local.lambda.send(
      new InvokeCommand({ FunctionName: 'OsiguProcessor', Payload: Buffer.from(JSON.stringify({ Records })) }),
    );
    expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({ batchItemFailures: [] });
    const calls = (await callsOf('OsiguProcessor')).slice(before).map(({ action }) => action);
    // A container looks at the breaker of its source, at most once in five seconds.
    const own = calls.filter((action) => action !== 'GetItem');
    expect(calls.length - own.length).toBeLessThanOrEqual(1);
    expect(own).toHaveLength(22);
    expect(own.filter((action) => action !== 'UpdateItem')).toEqual(['PutObject', 'PutEvents']);
  });
});

describe('a body of three megabytes', () => {
  it('reaches the customer’s handler byte by byte', async () => {
    const source = local.source('nabla');
    const body = largeEvent(source, 3 * MEGABYTE);
    expect(body).toHaveLength(3 * MEGABYTE);
    expect(await source.deliver(body)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect((await local.handledBody(keyOf(source, body))).equals(body)).toBe(true);
    expect(await source.processed(body)).toMatchObject({ status: 'PROCESSED', deliveries: 1 });
  }, 120_000);

  it('that is not UTF-8 is quarantined, its exact bytes behind a reference', async () => {
    const source = local.source('nabla');
    const body = randomBytes(3 * MEGABYTE);
    expect(await source.deliver(body)).toMatchObject({ status: 200, body: { status: 'quarantined' } });
    const place = bodyKey({ source: 'nabla', key: `sha256:${sha256(body)}`, bodyHash: sha256(body) });
    expect((await local.object(BODIES, place)).equals(body)).toBe(true);
    const { Messages } = await local.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: local.queueUrl('nabla').replace(/\w+$/, 'NablaQuarantine'),
        VisibilityTimeout: 0,
      }),
    );
    expect(JSON.parse(Messages?.[0]?.Body ?? '')).toMatchObject({
      quarantine: 'not_json',
      body: { encoding: 's3', key: place },
    });
  }, 120_000);

  it('that is not UTF-8 and in the queue, as after its release, reaches the handler byte by byte', async () => {
    const body = randomBytes(3 * MEGABYTE);
    const event = makeEvent({ source: 'nabla', provider: 'nabla', key: `released-${randomUUID()}`, body });
    await sqsQueue(local.queueUrl('nabla'), local.sqs, local.bodies).send(event);
    expect((await local.handledBody(event.key)).equals(body)).toBe(true);
  }, 120_000);

  it('costs four calls, and a small one three', async () => {
    const source = local.source('nabla');
    await source.warmUp();
    const before = (await source.verifierCalls()).length;
    await source.deliver(largeEvent(source, 3 * MEGABYTE));
    const calls = (await source.verifierCalls()).slice(before).map(({ service, action }) => `${service} ${action}`);
    expect(calls).toEqual(['dynamodb UpdateItem', 's3 PutObject', 'sqs SendMessage', 'dynamodb UpdateItem']);
  }, 120_000);

  it('is published to the bus by reference', async () => {
    const source = local.source('osigu');
    const body = largeEvent(source, 3 * MEGABYTE);
    await source.deliver(body);
    await source.processed(body);
    const [published] = await source.published(body);
    expect(published?.detail.event).toBeNull();
    const reference = published?.detail.metadata.body as Record<'bucket' | 'key', string> | undefined;
    const { bucket = '', key = '', ...size } = reference ?? {};
    expect(size).toEqual({ bytes: body.length, sha256: sha256(body) });
    expect((await local.object(bucket, key)).equals(body)).toBe(true);
    expect((await source.queues()).sources.osigu).toMatchObject({ deadLetters: 0 });
  }, 120_000);
});

describe('the largest body', () => {
  it('is accepted and processed', async () => {
    const source = local.source('nabla');
    const body = largeEvent(source, MAX_BODY_BYTES);
    expect(await source.deliver(body)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect((await local.handledBody(keyOf(source, body))).equals(body)).toBe(true);
  }, 120_000);

  it.each([
    ['one byte more, by the verifier', MAX_BODY_BYTES + 1],
    ['what Lambda takes no more, by API Gateway', 5 * MEGABYTE],
    ['what API Gateway takes no more', 10 * MEGABYTE + 1],
  ])(
    'is exceeded: 413 to %s',
    async (_what, bytes) => {
      const source = local.source('nabla');
      const answer = await source.deliver(largeEvent(source, bytes));
      expect([answer.status, answer.body]).toEqual([413, { error: 'body_too_large' }]);
    },
    30_000,
  );

  it('is exceeded: the verifier counts it', async () => {
    const source = local.source('nabla');
    await source.deliver(largeEvent(source, MAX_BODY_BYTES + 1));
    const counted = (line: string): boolean =>
      line.includes('"reason":"body_too_large"') && line.includes('"Rejected":1');
    await eventually(() => local.lines.some(counted));
  }, 120_000);
});

describe('S3 that fails', () => {
  const fault = { service: 's3', status: 503, code: 'SlowDown', times: 3 };

  it('when a large body comes: 503, and the retry heals it', async () => {
    const source = local.source('nabla');
    await source.warmUp();
    const body = largeEvent(source, 2 * MEGABYTE);
    await source.injectFault({ ...fault, action: 'PutObject', function: 'NablaVerifier' });
    const refused = await source.deliver(body);
    expect([refused.status, refused.headers.get('retry-after'), refused.body]).toEqual([
      503,
      '5',
      { error: 'unavailable' },
    ]);
    expect((await local.ledgerItem('nabla', keyOf(source, body))).status?.S).toBe('PENDING');
    expect(await source.deliver(body)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect((await local.handledBody(keyOf(source, body))).equals(body)).toBe(true);
    expect(await source.processed(body)).toMatchObject({ deliveries: 2 });
  }, 120_000);

  it('when a batch is archived: nothing is handled, the batch comes back, and nothing is lost', async () => {
    const source = local.source('osigu');
    await local.comeBackQuickly('osigu');
    await source.injectFault({ ...fault, action: 'PutObject', function: 'OsiguProcessor', times: 6 });
    const body = source.newEvent();
    await source.deliver(body);
    const failures = (): number => local.lines.filter((line) => line.includes('archive_SlowDown')).length;
    await eventually(() => failures() >= 1);
    expect(await source.published(body)).toEqual([]);
    expect(await source.processed(body)).toMatchObject({ status: 'PROCESSED' });
    expect(failures()).toBe(2);
    expect(await source.published(body)).toHaveLength(1);
  }, 120_000);
});

describe('a body that is missing', () => {
  it('is a dead letter at once, with its reason', async () => {
    const source = local.source('osigu');
    await local.comeBackQuickly('osigu');
    const body = Buffer.alloc(2 * MEGABYTE, 'x');
    const event = makeEvent({ key: `missing-${randomUUID()}`, body });
    const put = async (stored: typeof event): Promise<string> => {
      const key = await local.bodies.put(stored);
      await local.s3.send(new DeleteObjectCommand({ Bucket: BODIES, Key: key }));
      return key;
    };
    const before = (await source.queues()).sources.osigu?.deadLetters ?? 0;
    await sqsQueue(local.queueUrl('osigu'), local.sqs, { put: () => put(event) }).send(event);
    await eventually(async () => (await source.queues()).sources.osigu?.deadLetters === before + 1, 45_000);
    expect(local.lines.filter((line) => line.includes('"reason":"body_missing"'))).toHaveLength(1);
    expect((await local.ledgerItem('osigu', event.key)).status?.S).not.toBe('PROCESSED');
  }, 120_000);
});

describe('the archive', () => {
  it('has the evidence of a processed event where the ledger says', async () => {
    const source = local.source('nabla');
    const body = source.newEvent();
    await source.deliver(body);
    await source.processed(body);
    const item = await local.ledgerItem('nabla', keyOf(source, body));
    const place = item.archivedIn?.S ?? '';
    expect(place).toMatch(/^archive\/nabla\/\d{4}\/\d\d\/\d\d\/\d\d\/[0-9a-f-]{36}\.jsonl\.gz$/);
    const events = archivedEvents(await local.object(ARCHIVE, place)).map((event) => event.ok && event.value);
    expect(events.find((event) => event && event.key === keyOf(source, body))).toMatchObject({
      ...{ source: 'nabla', provider: 'nabla', via: 'webhook', bodyHash: sha256(body), body },
      ...{ type: item.eventType?.S, receivedAt: item.firstReceivedAt?.S },
      evidence: {
        headers: {
          'x-nabla-webhook-signature': expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
          'x-nabla-webhook-timestamp': expect.any(String) as unknown,
        },
        secretLabel: 'current',
        secretVersionId: item.secretVersionId?.S,
      },
    });
  });

  it('has the body of a large event itself, not its reference', async () => {
    const source = local.source('nabla');
    const body = largeEvent(source, 2 * MEGABYTE);
    await source.deliver(body);
    await source.processed(body);
    const place = (await local.ledgerItem('nabla', keyOf(source, body))).archivedIn?.S ?? '';
    const bodies = archivedEvents(await local.object(ARCHIVE, place)).map((event) => event.ok && event.value.body);
    expect(bodies.some((each) => Buffer.isBuffer(each) && each.equals(body))).toBe(true);
  }, 120_000);

  it('has nothing in it that is not below its source', async () => {
    const { Contents = [] } = await local.s3.send(new ListObjectsV2Command({ Bucket: ARCHIVE }));
    expect(Contents.length).toBeGreaterThan(5);
    expect(Contents.filter(({ Key = '' }) => !/^archive\/(osigu|nabla)\/\d{4}\//.test(Key))).toEqual([]);
  });
});

it('the log has nothing of a body', () => {
  expect(local.lines.filter((line) => line.includes('José'))).toEqual([]);
});
