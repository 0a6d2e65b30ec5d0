import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { keyOf } from '../../../../lambdas/adapters/ledger-item.ts';
import { dynamoLedger } from '../../../../lambdas/adapters/ledger.ts';
import { MOST_PLACES } from '../../../../lambdas/adapters/line-writes.ts';
import { dynamoLines } from '../../../../lambdas/adapters/lines.ts';
import { accept } from '../../../../lambdas/core/accept.ts';
import type { Event } from '../../../../lambdas/core/event.ts';
import { placeOf } from '../../../../lambdas/core/line.ts';
import { encodeMessage } from '../../../../lambdas/core/message.ts';
import { fanOut } from '../../../../lambdas/core/process/fan-out.ts';
import type { HandledEvent } from '../../../../lambdas/core/process/handle.ts';
import { TryFailed } from '../../../../lambdas/core/permanent-error.ts';
import { processBatch } from '../../../../lambdas/core/process/process.ts';
import { waitSeconds } from '../../../../lambdas/core/process/turn.ts';
import { MemoryTable } from '../../../proof/table.ts';
import { makeEvent, MemoryArchive, MemoryBodies, memoryRetries, recordingObserver } from '../in-memory.ts';

/** A source on the real adapters, over a table in memory. By default its events are ordered by their patient. */
function gateway({ newestOnly = false, ordered = true } = {}) {
  const time = { now: Date.parse('2026-01-02T03:04:06.000Z') };
  const table = new MemoryTable();
  const calls: string[] = [];
  const send = (command: object): Promise<unknown> => {
    calls.push(command.constructor.name);
    return new Promise((resolve) => {
      resolve(table.execute(command));
    });
  };
  const client = { send } as unknown as DynamoDBClient;
  const settings = { table: 'ledger', windowSeconds: 86_400, clock: () => time.now, client };
  const handled: HandledEvent[] = [];
  const failing = new Map<string, string>();
  const retries = memoryRetries();
  const observer = recordingObserver();
  const queue: Event[] = [];
  const ports = {
    ...{ ...retries, observer, clock: settings.clock, leaseMs: 40_000, archivedIn: 'place' },
    ledger: dynamoLedger(settings),
    ...(ordered && { order: { by: 'patient', newestOnly, lines: dynamoLines(settings) } }),
    ...{ bodies: new MemoryBodies(), archive: new MemoryArchive() },
    handle: (tasks: readonly { readonly event: HandledEvent }[]) =>
      tasks.map(({ event }) => {
        const name = failing.get(event.key);
        if (name !== undefined) return Promise.reject(new TryFailed(name));
        handled.push(event);
        return Promise.resolve();
      }),
    queue: { send: (event: Event) => Promise.resolve(void queue.push(event)) },
    quarantine: { send: () => Promise.reject(new Error('nothing is quarantined here')) },
  };
  let invocations = 0;
  const process = (...events: readonly Event[]): Promise<string[]> =>
    processBatch(
      events.map((event) => ({ id: event.key, text: encodeMessage(event), receipt: `receipt of ${event.key}` })),
      { ...ports, owner: `request-${++invocations}` },
    );
  return { ...{ time, table, calls, handled, failing, ports, process, retries: retries.retries, observer } };
}

const eventOf = (key: string, patient: string | undefined, more: Partial<Event> = {}): Event =>
  makeEvent({ key, body: Buffer.from(JSON.stringify({ event_id: key, patient })), ...more });
const [first, second, third] = ['evt_1', 'evt_2', 'evt_3'].map((key) => eventOf(key, 'jane')) as [Event, Event, Event];
const keys = (events: readonly { readonly key: string }[]): string[] => events.map(({ key }) => key);

describe('the events of one order key', () => {
  it('are handled in the order in which they came, whatever the queue hands out first', async () => {
    const { ports, process, handled, retries, observer } = gateway();
    for (const event of [first, second, third]) await accept(event, ports);
    expect(await process(third, second)).toEqual(['evt_3', 'evt_2']);
    expect(handled).toEqual([]);
    expect(retries.delays).toEqual([
      { id: 'evt_3', seconds: 30 },
      { id: 'evt_2', seconds: 30 },
    ]);
    expect(observer.seen).toContain('waiting');
    expect(observer.seen.filter((seen) => seen.startsWith('failed'))).toEqual([]);
    expect(await process(first)).toEqual([]);
    expect(retries.calledBack).toEqual(['receipt of evt_2']);
    expect(await process(second)).toEqual([]);
    expect(retries.calledBack).toEqual(['receipt of evt_2', 'receipt of evt_3']);
    expect(await process(third)).toEqual([]);
    expect(keys(handled)).toEqual(['evt_1', 'evt_2', 'evt_3']);
  });

  it('wait behind a failing event, and spend no tries; events of other keys do not wait', async () => {
    const { ports, process, handled, failing, table, observer } = gateway();
    const [joe, unordered] = [eventOf('evt_4', 'joe'), eventOf('evt_5', undefined)];
    for (const event of [first, second, joe, unordered]) await accept(event, ports);
    failing.set('evt_1', 'Error');
    expect(await process(first, second, joe, unordered)).toEqual(['evt_2', 'evt_1']);
    expect(keys(handled).sort()).toEqual(['evt_4', 'evt_5']);
    const itemOf = (key: string) => table.all().find((item) => item.eventKey?.S === key);
    expect(itemOf('evt_1')).toMatchObject({ tries: { N: '1' } });
    expect(itemOf('evt_2')?.tries).toBeUndefined();
    // An event without an order key is told from the others afterwards.
    expect(['evt_4', 'evt_5'].map((key) => itemOf(key)?.unorderedBy)).toEqual([undefined, { S: 'patient' }]);
    expect(observer.seen.filter((text) => text.startsWith('unordered'))).toEqual(['unordered:patient']);
    failing.clear();
    await process(first, second);
    await process(second);
    expect(keys(handled).slice(2)).toEqual(['evt_1', 'evt_2']);
  });

  it('go on when the event before them is a dead letter; redriven, it is told that a newer one was handled', async () => {
    const { ports, process, handled, failing, retries } = gateway();
    const older = eventOf('evt_1', 'jane', { time: '2026-01-01T00:00:00.000Z' });
    const newer = eventOf('evt_2', 'jane', { time: '2026-01-02T00:00:00.000Z' });
    for (const event of [older, newer]) await accept(event, ports);
    failing.set('evt_1', 'permanent: broken');
    expect(await process(older, newer)).toEqual(['evt_2']);
    expect(retries.deadLetters).toHaveLength(1);
    expect(await process(newer)).toEqual([]);
    failing.clear();
    expect(await process(older)).toEqual([]);
    expect(handled.map(({ key, supersededBy }) => [key, supersededBy])).toEqual([
      ['evt_2', undefined],
      ['evt_1', { key: 'evt_2', time: '2026-01-02T00:00:00.000Z' }],
    ]);
  });

  it('go on once a person has given up a dead letter before them that SQS itself has moved', async () => {
    const { ports, process, table } = gateway();
    for (const event of [first, second]) await accept(event, ports);
    expect(await process(second)).toEqual(['evt_2']);
    table.execute(
      new UpdateItemCommand({
        ...{ TableName: 'ledger', Key: keyOf(first), UpdateExpression: 'SET givenUpAt = :at' },
        ExpressionAttributeValues: { ':at': { S: '2026-01-03T00:00:00.000Z' } },
      }),
    );
    expect(await process(second)).toEqual([]);
  });

  it('wait until the ledger has been told that the event before them is a dead letter', async () => {
    const { ports, process, failing, retries } = gateway();
    for (const event of [first, second]) await accept(event, ports);
    failing.set('evt_1', 'permanent: broken');
    const forgetTries = ports.ledger.forgetTries.bind(ports.ledger);
    ports.ledger.forgetTries = () => Promise.reject(new Error('down'));
    expect(await process(first)).toEqual(['evt_1']);
    ports.ledger.forgetTries = forgetTries;
    expect(await process(second)).toEqual(['evt_2']);
    expect(await process(first)).toEqual([]);
    expect(retries.deadLetters).toHaveLength(2);
    expect(await process(second)).toEqual([]);
  });

  it('skip what is out of date if the source wants the newest only, and say so in the ledger', async () => {
    const { ports, process, handled, table, observer } = gateway({ newestOnly: true });
    const newer = eventOf('evt_1', 'jane', { time: '2026-01-02T00:00:00.000Z' });
    const older = eventOf('evt_2', 'jane', { time: '2026-01-01T00:00:00.000Z' });
    for (const event of [newer, older]) await accept(event, ports);
    await process(newer);
    expect(await process(older)).toEqual([]);
    expect(keys(handled)).toEqual(['evt_1']);
    expect(observer.seen).toContain('dropped');
    const item = table.all().find(({ eventKey }) => eventKey?.S === 'evt_2');
    expect(item).toMatchObject({ status: { S: 'PROCESSED' }, supersededBy: { S: 'evt_1' } });
    // Who orders it to be processed again gets that.
    const replay = { id: 'order-1', at: '2026-01-03T00:00:00.000Z', by: 'alice' };
    await process({ ...older, replay });
    expect(keys(handled)).toEqual(['evt_1', 'evt_2']);
  });

  it('are rid of one that ends every processor which takes it', async () => {
    const { ports, process, time, handled, retries } = gateway();
    for (const event of [first, second]) await accept(event, ports);
    const place = placeOf(first, ports.order);
    const starts = 2 * ports.retry.attempts + 10;
    for (let start = 0; start < starts; start++) if (place) await ports.order?.lines.takeTurn(place, `killed ${start}`);
    time.now += 60_000;
    expect(await process(first)).toEqual([]);
    expect(retries.reasons).toEqual(['never_settled']);
    await process(second);
    expect(keys(handled)).toEqual(['evt_2']);
  });

  it('are accepted although their line is full, and are handled one at a time for all that', async () => {
    const { ports, process, handled, table } = gateway();
    const place = placeOf(first, ports.order);
    await accept(first, ports);
    for (let count = 1; count < MOST_PLACES; count++)
      if (place) await ports.order?.lines.join({ ...place, key: `other_${count}` });
    expect(await accept(second, ports)).toBe('accepted');
    expect(await process(second)).toEqual(['evt_2']);
    expect(table.all().find(({ waiting }) => waiting)?.waiting?.L).toHaveLength(MOST_PLACES);
    expect(handled).toEqual([]);
  });
});

describe('the events of one order key at a target', () => {
  const at = (event: Event): Event => ({ ...event, source: 'osigu.partner' });

  it('are handled in the order in which they were handed over, whatever its queue hands out first', async () => {
    const { ports, process, handled, table } = gateway();
    const targets = [{ name: 'osigu.partner', queue: ports.queue }];
    for (const event of [first, second, third]) {
      await accept(event, ports);
      await fanOut(event, { ...ports, targets });
    }
    const lines = table.all().filter(({ waiting }) => waiting?.L?.length === 3);
    expect(lines.map(({ pk }) => pk?.S?.split('#')[1])).toEqual(['osigu', 'osigu.partner']);
    expect(await process(at(third), at(second))).toEqual(['evt_3', 'evt_2']);
    expect(handled).toEqual([]);
    for (const event of [first, second, third]) expect(await process(at(event))).toEqual([]);
    expect(handled.map(({ source, key }) => [source, key])).toEqual(
      ['evt_1', 'evt_2', 'evt_3'].map((key) => ['osigu.partner', key]),
    );
  });

  it('go on when the first of them is a dead letter there, whatever became of it at the source', async () => {
    const { ports, process, handled, failing } = gateway();
    const targets = [{ name: 'osigu.partner', queue: ports.queue }];
    for (const event of [first, second]) await fanOut(event, { ...ports, targets });
    failing.set('evt_1', 'permanent: broken');
    expect(await process(at(first))).toEqual([]);
    expect(await process(at(second))).toEqual([]);
    expect(keys(handled)).toEqual(['evt_2']);
  });
});

describe('an event whose tries fail while its breaker is open', () => {
  it('keeps its turn, however many probes are made of it, and is given up for kills alone', async () => {
    const { ports, process, time, failing, handled, retries } = gateway();
    for (const event of [first, second]) await accept(event, ports);
    failing.set('evt_1', 'Error');
    for (let probe = 0; probe < 5 * ports.retry.attempts + 50; probe++) {
      const message = { id: 'evt_1', text: encodeMessage(first) };
      expect(await processBatch([message], { ...ports, owner: `probe ${probe}`, probeHold: 60 })).toEqual(['evt_1']);
      time.now += 60_000;
    }
    expect(retries.deadLetters).toEqual([]);
    // It has one process to itself all the while, as a retry does.
    const place = placeOf(first, ports.order);
    expect(place && (await ports.order?.lines.takeTurn(place, 'a killed one'))).toMatchObject({ starts: 2 });
    failing.clear();
    expect(await process(first)).toEqual([]);
    expect(await process(second)).toEqual([]);
    expect(keys(handled)).toEqual(['evt_1', 'evt_2']);
  });
});

describe('a source without order', () => {
  it('makes the same calls as ever: a claim and a mark, a lease and a mark', async () => {
    const { ports, process, calls } = gateway({ ordered: false });
    await accept(first, ports);
    await process(first);
    expect(calls).toEqual(['UpdateItemCommand', 'UpdateItemCommand', 'UpdateItemCommand', 'UpdateItemCommand']);
  });
});

it('lets a message wait for an eighth of its age, so that SQS counts less than a thousand receives in fourteen days', () => {
  expect([0, 240, 480, 86_400].map(waitSeconds)).toEqual([30, 30, 60, 1_800]);
  let [age, receives] = [0, 0];
  for (; age < 14 * 86_400; receives++) age += waitSeconds(age);
  expect(receives).toBeLessThan(900);
});
