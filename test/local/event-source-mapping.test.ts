import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMapping } from '../../local/event-source-mapping.ts';
import type { EventSourceMapping, MappingConfig } from '../../local/event-source-mapping.ts';
import type { InvokeResult } from '../../local/lambda/function-config.ts';
import { startSqs } from '../../local/services/sqs.ts';
import { eventually } from './eventually.ts';

type Sqs = Awaited<ReturnType<typeof startSqs>>;
type Handler = (event: SQSEvent) => unknown;

let sqs: Sqs;
const mappings: EventSourceMapping[] = [];
const lines: string[] = [];

beforeAll(async () => void (sqs = await startSqs('us-east-1')));
afterEach(async () => {
  await Promise.all(mappings.splice(0).map((mapping) => mapping.stop()));
});
afterAll(() => sqs.stop());

async function queue(attributes: Record<string, string> = {}): Promise<string> {
  const command = new CreateQueueCommand({ QueueName: randomUUID(), Attributes: attributes });
  return (await sqs.client.send(command)).QueueUrl ?? '';
}
const send = (url: string, ...bodies: string[]) =>
  Promise.all(bodies.map((body) => sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }))));

async function depth(url: string): Promise<number> {
  const { Attributes: attributes } = await sqs.client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return Number(attributes?.ApproximateNumberOfMessages) + Number(attributes?.ApproximateNumberOfMessagesNotVisible);
}

function map(url: string, handler: Handler, changes: Partial<MappingConfig> = {}): EventSourceMapping {
  const invoke = async (payload: string): Promise<InvokeResult> => {
    try {
      const answer = await handler(JSON.parse(payload) as SQSEvent);
      return { ok: true, payload: JSON.stringify(answer === undefined ? { batchItemFailures: [] } : answer) };
    } catch {
      return { ok: false, error: { errorType: 'Error', errorMessage: '' } };
    }
  };
  const config: MappingConfig = {
    queueUrl: url,
    queueArn: 'arn:aws:sqs:us-east-1:000000000000:queue',
    region: 'us-east-1',
    batchSize: 10,
    maximumConcurrency: 4,
    reportsFailures: true,
    ...changes,
  };
  const mapping = startMapping(config, sqs.client, invoke, (line) => void lines.push(line));
  mappings.push(mapping);
  return mapping;
}

describe('an event source mapping', () => {
  it('hands messages to the function as records, and deletes them', async () => {
    const url = await queue();
    const events: SQSEvent[] = [];
    await send(url, 'one');
    map(url, (event) => void events.push(event));
    await eventually(async () => events.length === 1 && (await depth(url)) === 0);
    expect(events[0]?.Records).toMatchObject([
      {
        body: 'one',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:queue',
        awsRegion: 'us-east-1',
        attributes: { ApproximateReceiveCount: '1' },
      },
    ]);
    expect(events[0]?.Records[0]?.messageId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('splits a batch that is larger than one request to a function', async () => {
    const url = await queue({ MaximumMessageSize: '1048576' });
    const sizes: number[] = [];
    await send(url, ...Array.from({ length: 8 }, () => 'x'.repeat(1_000_000)));
    map(url, ({ Records }) => {
      expect(JSON.stringify({ Records }).length).toBeLessThanOrEqual(6 * 1024 * 1024);
      sizes.push(Records.length);
    });
    await eventually(async () => (await depth(url)) === 0);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(8);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(6);
  });

  it('takes batches up to its size, and as many at a time as it may', async () => {
    const url = await queue();
    await send(url, ...Array.from({ length: 12 }, (_, index) => String(index)));
    const sizes: number[] = [];
    let running = 0;
    let most = 0;
    map(
      url,
      async ({ Records }) => {
        sizes.push(Records.length);
        most = Math.max(most, ++running);
        await sleep(100);
        running--;
      },
      { batchSize: 3, maximumConcurrency: 2 },
    );
    await eventually(async () => (await depth(url)) === 0);
    expect(sizes).toEqual([3, 3, 3, 3]);
    expect(most).toBe(2);
  });

  it('deletes what succeeded, and brings back what failed', async () => {
    const url = await queue({ VisibilityTimeout: '1' });
    const seen: string[] = [];
    await send(url, 'good', 'bad');
    map(url, ({ Records }) => {
      seen.push(...Records.map(({ body, attributes }) => `${body}${attributes.ApproximateReceiveCount}`));
      const failed = Records.filter(
        (record) => record.body === 'bad' && record.attributes.ApproximateReceiveCount < '3',
      );
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    await eventually(async () => seen.includes('bad3') && (await depth(url)) === 0);
    expect(seen.sort()).toEqual(['bad1', 'bad2', 'bad3', 'good1']);
  });

  it.each([
    ['nothing', null],
    ['the answer of another function', { statusCode: 200 }],
  ])('brings back a batch that was answered with %s, and says so', async (_what, answer) => {
    const url = await queue({ VisibilityTimeout: '1' });
    await send(url, 'one');
    const receives: string[] = [];
    lines.length = 0;
    map(url, ({ Records: [record] }) => {
      receives.push(record?.attributes.ApproximateReceiveCount ?? '');
      return receives.length < 2 ? answer : undefined;
    });
    await eventually(async () => receives.length === 2 && (await depth(url)) === 0);
    expect(receives).toEqual(['1', '2']);
    expect(lines).toEqual([expect.stringContaining('gave no batch answer: its 1 messages come back')]);
  });

  it('brings back the whole batch when the invocation fails, to the dead-letter queue after five times', async () => {
    const deadLetters = await queue();
    const arn = `arn:aws:sqs:us-east-1:000000000000:${deadLetters.slice(deadLetters.lastIndexOf('/') + 1)}`;
    const url = await queue({
      VisibilityTimeout: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 }),
    });
    const received: string[] = [];
    lines.length = 0;
    await send(url, 'poison');
    map(url, ({ Records }) => {
      received.push(...Records.map(({ attributes }) => attributes.ApproximateReceiveCount));
      throw new Error('never');
    });
    await eventually(async () => (await depth(deadLetters)) === 1, 20_000);
    expect(received).toEqual(['1', '2', '3', '4', '5']);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^the function of arn:\S+ failed: Error: its 1 messages come back$/);
    expect(await depth(url)).toBe(0);
  }, 120_000);

  it('finishes its batches when it stops, and takes no more', async () => {
    const url = await queue();
    let finished = 0;
    let begun = 0;
    const mapping = map(url, async () => {
      begun++;
      await sleep(200);
      finished++;
    });
    await send(url, 'one');
    await eventually(() => begun === 1);
    await mapping.stop();
    expect(finished).toBe(1);
    expect(await depth(url)).toBe(0);
    await send(url, 'two');
    await sleep(200);
    expect(begun).toBe(1);
  });
});
