import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FirehoseClient, PutRecordCommand as PutToFirehose } from '@aws-sdk/client-firehose';
import { KinesisClient, PutRecordCommand as PutToStream } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ENV } from '../../../../lambdas/contract.ts';
import { errorName } from '../../../../lambdas/core/errors.ts';
import { sha256 } from '../../../../lambdas/core/hash.ts';
import type { MakeHandler, Task } from '../../../../lambdas/core/process/handle.ts';

/* The code of the targets that are services of AWS: what each is sent, and what becomes of an event that it does not take. */

process.env.AWS_REGION = 'us-east-1';
process.env[ENV.bodyBucket] = 'bodies-test';
process.env[ENV.targetTimeoutSeconds] = '10';
// One for all: a module takes of it what it needs.
process.env[ENV.target] = 'arn:aws:sqs:eu-west-1:123456789012:events.fifo';
process.env[ENV.busName] = 'arn:aws:events:eu-west-1:123456789012:event-bus/theirs';
const load = async (kind: string): Promise<MakeHandler> =>
  ((await import(`../../../../lambdas/processor/targets/${kind}.ts`)) as { makeHandler: MakeHandler }).makeHandler;

const s3 = mockClient(S3Client);
const bus = mockClient(EventBridgeClient);
const [sqs, sns, sfn] = [mockClient(SQSClient), mockClient(SNSClient), mockClient(SFNClient)];
const [kinesis, firehose, lambda] = [mockClient(KinesisClient), mockClient(FirehoseClient), mockClient(LambdaClient)];
beforeEach(() => {
  for (const client of [s3, bus, sqs, sns, sfn, kinesis, firehose, lambda]) client.reset();
  for (const answering of [sqs.onAnyCommand(), sns.onAnyCommand(), sfn.onAnyCommand(), lambda.onAnyCommand()])
    answering.resolves({});
  bus.onAnyCommand().resolves({ FailedEntryCount: 0, Entries: [{}] });
});

const bytes = (data: Uint8Array | undefined): string => Buffer.from(data ?? []).toString('utf8');

/** The texts that each kind was sent, and the most bytes of one. */
const KINDS = {
  sqs: [() => sqs.commandCalls(SendMessageCommand).map((call) => call.args[0].input.MessageBody ?? ''), 1_048_576],
  sns: [() => sns.commandCalls(PublishCommand).map((call) => call.args[0].input.Message ?? ''), 262_144],
  'step-functions': [
    () => sfn.commandCalls(StartExecutionCommand).map((call) => call.args[0].input.input ?? ''),
    262_144,
  ],
  kinesis: [() => kinesis.commandCalls(PutToStream).map((call) => bytes(call.args[0].input.Data)), 1_048_576],
  firehose: [
    () => firehose.commandCalls(PutToFirehose).map((call) => bytes(call.args[0].input.Record?.Data)),
    1_024_000,
  ],
  lambda: [
    () => lambda.commandCalls(InvokeCommand).map((call) => bytes(call.args[0].input.Payload as Uint8Array)),
    6_291_456,
  ],
} as const;
const kinds = Object.entries(KINDS);

const task = (body: string | Buffer, event: Partial<Task['event']> = {}, more: Partial<Task> = {}): Task => ({
  event: {
    ...{ source: 'nabla.it', provider: 'nabla', key: 'evt_1', type: 'visit.booked', via: 'webhook' },
    ...{ receivedAt: '2026-03-01T09:00:00.000Z', contentType: 'application/json', body: Buffer.from(body), ...event },
  },
  isRetry: false,
  ...more,
});

/** The reason that the ledger keeps of a failed try; undefined of one that succeeded. */
async function reasonOf(kind: string, given: Task): Promise<string | undefined> {
  const [outcome] = await Promise.allSettled((await load(kind))(() => 30_000)([given]));
  return outcome?.status === 'rejected' ? errorName(outcome.reason) : undefined;
}

interface Detail {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly event: unknown;
}
/** The bucket and the hash of each body that was stored: Jest compares large buffers byte by byte. */
const stored = () =>
  s3.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => [input.Bucket, sha256(input.Body as Buffer)]);

describe.each(kinds)('a target of kind %s', (kind, [sent, most]) => {
  it('gets an event with its metadata, the provider’s own text unchanged', async () => {
    expect(await reasonOf(kind, task('{"big": 12345678901234567890, "a": 1.10}'))).toBeUndefined();
    const [text = ''] = sent();
    expect(text).toContain('"event":{"big": 12345678901234567890, "a": 1.10}');
    expect((JSON.parse(text) as Detail).metadata).toMatchObject({
      source: 'nabla',
      key: 'evt_1',
      type: 'visit.booked',
    });
    expect(stored()).toStrictEqual([]);
  });

  it('gets one that it does not take by reference, and one that it takes just so as it is', async () => {
    const bodyOf = (length: number): string => JSON.stringify({ text: 'x'.repeat(length) });
    // Beside the body there is room for the metadata, and for what a service counts too.
    expect(await reasonOf(kind, task(bodyOf(most - 2_000)))).toBeUndefined();
    expect(stored()).toStrictEqual([]);
    const large = Buffer.from(bodyOf(most - 20));
    expect(await reasonOf(kind, task(large))).toBeUndefined();
    const [whole = '', reference = ''] = sent();
    expect(Buffer.byteLength(whole)).toBeLessThanOrEqual(most);
    expect(Buffer.byteLength(reference)).toBeLessThan(2_000);
    expect(stored()).toStrictEqual([['bodies-test', sha256(large)]]);
    const { metadata, event } = JSON.parse(reference) as Detail;
    expect(event).toBeNull();
    expect(metadata.body).toMatchObject({ bucket: 'bodies-test', bytes: large.length, sha256: sha256(large) });
  });

  it('gets one with every character there is, as escapes if it would not take them', async () => {
    expect(
      await reasonOf(kind, task('{"odd":"\uFFFE\uFFFF"}', { key: 'k\uFFFF', type: '\u0000\uFFFE' })),
    ).toBeUndefined();
    const [text = ''] = sent();
    const odd = Array.from(text).filter(
      (character) => (character < ' ' && character !== '\n') || character >= '\uFFFE',
    );
    expect(odd).toStrictEqual([]);
    expect(JSON.parse(text)).toMatchObject({
      metadata: { key: 'k\uFFFF', type: '\u0000\uFFFE' },
      event: { odd: '\uFFFE\uFFFF' },
    });
  });
});

describe('a queue or a topic with a lower limit of its own', () => {
  const refused = (name: string) => Object.assign(new Error('Message must be shorter than 65536 bytes'), { name });

  it.each(['sqs', 'sns'] as const)('gets by reference what it refuses (%s)', async (kind) => {
    sqs.on(SendMessageCommand).rejectsOnce(refused('InvalidParameterValue')).resolves({});
    sns.on(PublishCommand).rejectsOnce(refused('InvalidParameterException')).resolves({});
    expect(await reasonOf(kind, task(JSON.stringify({ text: 'x'.repeat(100_000) })))).toBeUndefined();
    const [, reference = ''] = KINDS[kind][0]();
    expect((JSON.parse(reference) as Detail).metadata.body).toMatchObject({ bucket: 'bodies-test' });
  });

  it('fails the try by the name of the error if that is not why, without another call', async () => {
    sqs.on(SendMessageCommand).rejects(refused('AccessDenied'));
    expect(await reasonOf('sqs', task(JSON.stringify({ text: 'x'.repeat(100_000) })))).toBe('AccessDenied');
    expect(KINDS.sqs[0]()).toHaveLength(1);
    sqs.on(SendMessageCommand).rejects(refused('InvalidParameterValue'));
    expect(await reasonOf('sqs', task('{}'))).toBe('InvalidParameterValue');
  });
});

describe('the attributes of a message to a topic', () => {
  it.each([
    ['visit.booked', 'visit.booked'],
    ['besök 🩺', 'besök 🩺'],
    ['', 'unknown'],
    ['a\u0000b', 'unknown'],
    ['\uFFFF', 'unknown'],
  ])('have the type %j as %j: SNS takes neither nothing nor every character', async (type, value) => {
    expect(await reasonOf('sns', task('{}', { type }))).toBeUndefined();
    const [call] = sns.commandCalls(PublishCommand);
    expect(call?.args[0].input.MessageAttributes).toStrictEqual({
      source: { DataType: 'String', StringValue: 'nabla' },
      type: { DataType: 'String', StringValue: value },
    });
  });
});

describe('a target in another region than the function', () => {
  it.each([
    ['bus', bus],
    ['sqs', sqs],
    ['sns', sns],
    ['step-functions', sfn],
    ['kinesis', kinesis],
    ['firehose', firehose],
    ['lambda', lambda],
  ])('is called in its own: %s', async (kind, client) => {
    expect(await reasonOf(kind, task('{}'))).toBeUndefined();
    const [called] = client.calls().map(({ thisValue }) => thisValue as SQSClient);
    expect(await called?.config.region()).toBe('eu-west-1');
  });
});

describe('a service that knows an event again', () => {
  it('is told the same name at each try, and the order key of an event as its group', async () => {
    for (const isRetry of [false, true]) await reasonOf('sqs', task('{}', {}, { isRetry, line: 'line-1' }));
    await reasonOf('sqs', task('{}', {}, { order: 'again' }));
    const [first, second, again] = sqs.commandCalls(SendMessageCommand).map((call) => call.args[0].input);
    expect(first).toMatchObject({ MessageGroupId: 'line-1' });
    expect(second?.MessageDeduplicationId).toBe(first?.MessageDeduplicationId);
    expect(again?.MessageDeduplicationId).not.toBe(first?.MessageDeduplicationId);
    expect(again?.MessageGroupId).toBe(again?.MessageDeduplicationId);
    await reasonOf('kinesis', task('{}', {}, { line: 'line-1' }));
    expect(kinesis.commandCalls(PutToStream)[0]?.args[0].input.PartitionKey).toBe('line-1');
  });

  it('has taken it if an execution of its name exists', async () => {
    sfn.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists({ message: 'exists', $metadata: {} }));
    expect(await reasonOf('step-functions', task('{}'))).toBeUndefined();
    sfn.on(StartExecutionCommand).rejects(Object.assign(new Error(), { name: 'StateMachineDoesNotExist' }));
    expect(await reasonOf('step-functions', task('{}'))).toBe('StateMachineDoesNotExist');
  });
});

describe('a function that fails', () => {
  it.each([
    [{ errorType: 'Sandbox.Timedout', errorMessage: 'of patient 1' }, 'function_Sandbox.Timedout'],
    [{ errorType: 'a secret: 1', errorMessage: 'x' }, 'function_error'],
    ['no JSON', 'function_error'],
  ])('fails the try by the name of its error, and by nothing that it says: %j', async (payload, reason) => {
    const Payload = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
    lambda.on(InvokeCommand).resolves({ FunctionError: 'Unhandled', Payload: Payload as never });
    expect(await reasonOf('lambda', task('{}'))).toBe(reason);
  });
});
