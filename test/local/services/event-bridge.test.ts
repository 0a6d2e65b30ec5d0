import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestAws } from '../test-aws.ts';
import type { TestAws } from '../test-aws.ts';

let aws: TestAws;
let client: EventBridgeClient;

beforeAll(async () => {
  aws = await startTestAws();
  aws.services.eventBridge.createBus('gateway');
  client = new EventBridgeClient(aws.client);
});
afterAll(() => aws.stop());

const entry = (changes: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  EventBusName: 'gateway',
  Source: 'hookgate.osigu',
  DetailType: 'authorization.created',
  Detail: '{"n":1}',
  Time: new Date(),
  ...changes,
});
const put = (...entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries: entries }));

describe('PutEvents', () => {
  it('stores what is published, its detail as it came', async () => {
    const answer = await put(entry());
    expect(answer.FailedEntryCount).toBe(0);
    expect(aws.services.eventBridge.published().at(-1)).toEqual({
      id: answer.Entries?.[0]?.EventId,
      bus: 'gateway',
      source: 'hookgate.osigu',
      detailType: 'authorization.created',
      detail: '{"n":1}',
      at: expect.any(Number),
    });
  });

  it('fails an entry, and not its neighbours', async () => {
    const before = aws.services.eventBridge.published().length;
    const { FailedEntryCount, Entries } = await put(
      entry({ Detail: 'not JSON' }),
      entry(),
      entry({ Detail: '[1]' }),
      entry({ DetailType: '' }),
      entry({ EventBusName: 'nowhere' }),
      entry({ Source: 'aws.sqs' }),
      entry({ DetailType: 'x'.repeat(129) }),
    );
    expect(FailedEntryCount).toBe(6);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'MalformedDetail',
      undefined,
      'MalformedDetail',
      'InvalidArgument',
      'ResourceNotFoundException',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
    ]);
    expect(aws.services.eventBridge.published()).toHaveLength(before + 1);
  });

  it('takes ten entries and no more', async () => {
    expect((await put(...Array.from({ length: 10 }, () => entry()))).FailedEntryCount).toBe(0);
    await expect(put(...Array.from({ length: 11 }, () => entry()))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('takes 256 KB in all and no more', async () => {
    const size = 256 * 1024 - 14 - 'hookgate.osigu'.length - 'authorization.created'.length;
    const detail = (bytes: number): string => `{"x":"${'x'.repeat(bytes - 8)}"}`;
    expect((await put(entry({ Detail: detail(size) }))).FailedEntryCount).toBe(0);
    await expect(put(entry({ Detail: detail(size + 1) }))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
