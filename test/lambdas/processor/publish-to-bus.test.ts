import { EventBridgeClient, EventBridgeServiceException, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ENV } from '../../../lambdas/contract.ts';
import type { HandledEvent } from '../../../lambdas/core/process/handle.ts';
import { sha256 } from '../../../lambdas/core/hash.ts';

process.env[ENV.busName] = 'hookgate-test';
process.env[ENV.bodyBucket] = 'bodies-test';
process.env.AWS_REGION = 'us-east-1';
const { makeHandler } = await import('../../../lambdas/processor/publish-to-bus.ts');
const handleBatch = (events: readonly HandledEvent[]) =>
  Promise.allSettled(makeHandler(() => 30_000)(events.map((each) => ({ event: each, isRetry: false }))));

const bus = mockClient(EventBridgeClient);
const s3 = mockClient(S3Client);
beforeEach(() => {
  s3.reset();
  bus.reset();
  bus.on(PutEventsCommand).callsFake(({ Entries }: { Entries: unknown[] }) => ({ Entries: Entries.map(() => ({})) }));
});

const event = (key: string, text: string): HandledEvent => ({
  ...{ source: 'osigu', provider: 'osigu', key, type: 'authorization.created', via: 'webhook' },
  ...{ receivedAt: '2026-01-02T03:04:05.678Z', contentType: 'application/json', body: Buffer.from(text) },
});

const calls = () => bus.commandCalls(PutEventsCommand).map(({ args: [{ input }] }) => input.Entries ?? []);
const statuses = async (events: readonly HandledEvent[]) => (await handleBatch(events)).map(({ status }) => status);

describe('the default handler', () => {
  it('publishes the event and its metadata, the provider’s own text unchanged', async () => {
    expect(await statuses([event('evt_1', '\uFEFF{"big": 12345678901234567890}')])).toEqual(['fulfilled']);
    const [[entry] = []] = calls();
    expect(entry).toMatchObject({
      ...{ EventBusName: 'hookgate-test', Source: 'hookgate.osigu', DetailType: 'authorization.created' },
      Time: new Date('2026-01-02T03:04:05.678Z'),
    });
    expect(entry?.Detail).toContain('"event":{"big": 12345678901234567890}');
    expect(JSON.parse(entry?.Detail ?? '')).toMatchObject({ metadata: { key: 'evt_1', via: 'webhook' } });
  });

  it('publishes a released event that is no JSON as base64', async () => {
    await handleBatch([event('k', 'plain')]);
    const [[entry] = []] = calls();
    expect(JSON.parse(entry?.Detail ?? '')).toMatchObject({ metadata: { bodyBase64: 'cGxhaW4=' }, event: null });
  });

  it('publishes ten events with one call', async () => {
    await handleBatch(Array.from({ length: 10 }, (_, index) => event(`evt_${index}`, '{}')));
    expect(calls().map(({ length }) => length)).toEqual([10]);
  });

  it('splits what is larger than one call takes', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(100_000) });
    const results = await statuses([event('a', large), event('b', large), event('c', large)]);
    expect(results).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(calls().map(({ length }) => length)).toEqual([2, 1]);
  });

  it('fails the event that the bus refused, and no other', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{}, { ErrorCode: 'ThrottlingException' }] });
    expect(await handleBatch([event('a', '{}'), event('b', '{}')])).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { name: 'ThrottlingException' } },
    ]);
  });

  it.each<[string, object]>([
    ['of one of the two', { Entries: [{}] }],
    ['of nothing at all', {}],
  ])('takes no event for published of which the answer says nothing: %s', async (_what, answer) => {
    bus.on(PutEventsCommand).resolves(answer);
    const [, second] = await handleBatch([event('a', '{}'), event('b', '{}')]);
    expect(second).toMatchObject({ status: 'rejected', reason: { name: 'unanswered' } });
  });

  it.each([
    ['JSON', Buffer.from(JSON.stringify({ text: 'x'.repeat(262_000) }))],
    ['bytes that base64 makes longer than a call takes', Buffer.alloc(200_000, 0xff)],
  ])('publishes what no call takes by reference to its exact bytes (%s)', async (_what, body) => {
    const large = { ...event('evt_1', ''), body };
    const at = `bodies/osigu/${sha256('evt_1')}/${sha256(body)}`;
    expect(await statuses([large, event('b', '{}')])).toEqual(['fulfilled', 'fulfilled']);
    expect(s3.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => input)).toMatchObject([
      { Bucket: 'bodies-test', Key: at, Body: body },
    ]);
    const [[entry, other] = []] = calls();
    const reference = { bucket: 'bodies-test', key: at, bytes: body.length, sha256: sha256(body) };
    const { metadata, event: published } = JSON.parse(entry?.Detail ?? '') as Record<string, Record<string, unknown>>;
    expect(metadata).toMatchObject({ key: 'evt_1', type: 'authorization.created', body: reference });
    expect(metadata).not.toHaveProperty('bodyBase64');
    expect(published).toBeNull();
    expect(JSON.parse(other?.Detail ?? '')).toMatchObject({ metadata: { key: 'b' }, event: {} });
  });

  it('stores nothing of what a call takes', async () => {
    await handleBatch([event('a', JSON.stringify({ text: 'x'.repeat(261_000) }))]);
    expect(s3.calls()).toHaveLength(0);
    expect(calls().flat()).toHaveLength(1);
  });

  it('fails an event whose body cannot be stored, and no other', async () => {
    s3.on(PutObjectCommand).rejects(Object.assign(new Error('x'), { name: 'SlowDown' }));
    const results = await handleBatch([event('huge', JSON.stringify({ text: 'x'.repeat(300_000) })), event('b', '{}')]);
    expect(results).toMatchObject([{ reason: { name: 'SlowDown' } }, { status: 'fulfilled' }]);
    expect(calls().map(({ length }) => length)).toEqual([1]);
  });

  it('fails all of a call that fails', async () => {
    bus.on(PutEventsCommand).rejects(Object.assign(new Error('x'), { name: 'InternalFailure' }));
    expect(await handleBatch([event('a', '{}')])).toMatchObject([{ reason: { name: 'InternalFailure' } }]);
  });

  it('puts the others one by one if the bus refuses a call for one of its entries', async () => {
    const refused = new EventBridgeServiceException({
      ...{ name: 'ValidationException', $fault: 'client', $metadata: { httpStatusCode: 400 } },
    });
    bus.on(PutEventsCommand).callsFake(({ Entries }: { Entries: { Detail: string }[] }) => {
      if (Entries.some(({ Detail }) => Detail.includes('"bad"'))) throw refused;
      return { Entries: Entries.map(() => ({})) };
    });
    const results = await handleBatch([event('a', '{}'), event('bad', '{}'), event('c', '{}')]);
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { name: 'ValidationException' } },
      { status: 'fulfilled' },
    ]);
    expect(calls().map(({ length }) => length)).toEqual([3, 1, 1, 1]);
  });

  it.each([
    ['the bus is throttled', { name: 'ThrottlingException', $fault: 'client' as const }],
    ['the bus fails', { name: 'InternalException', $fault: 'server' as const }],
  ])('puts nothing again if %s: it may be done, or more calls make it worse', async (_what, kind) => {
    bus.on(PutEventsCommand).rejects(new EventBridgeServiceException({ ...kind, $metadata: {} }));
    expect(await statuses([event('a', '{}'), event('b', '{}')])).toEqual(['rejected', 'rejected']);
    expect(calls()).toHaveLength(1);
  });

  it('does not parse a body that travels by reference', async () => {
    const parse = jest.spyOn(JSON, 'parse');
    await handleBatch([event('huge', JSON.stringify({ text: 'x'.repeat(300_000) }))]);
    expect(parse.mock.calls.filter(([text]) => text.length > 100_000)).toEqual([]);
    parse.mockRestore();
  });
});
