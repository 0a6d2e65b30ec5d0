import { describe, expect, it } from '@jest/globals';
import { processBatch } from '../../../../lambdas/core/process/process.ts';
import type { HandleBatch } from '../../../../lambdas/core/process/handle.ts';
import type { Event, WebhookEvent } from '../../../../lambdas/core/event.ts';
import { encodeMessage } from '../../../../lambdas/core/message.ts';
import { makeEvent, MemoryArchive, MemoryBodies, MemoryLedger, recordingObserver } from '../in-memory.ts';

const LEASE_MS = 35_000;
const PLACE = 'archive/osigu/2026/01/02/03/request-1.jsonl.gz';

function setUp(handleOne: (event: WebhookEvent) => Promise<void> = () => Promise.resolve()) {
  const time = { now: Date.parse('2026-01-02T03:04:06.000Z') };
  const handled: WebhookEvent[] = [];
  const handle: HandleBatch = (events) =>
    Promise.allSettled(
      events.map(async (event) => {
        await handleOne(event);
        handled.push(event);
      }),
    );
  const observer = recordingObserver();
  const clock = (): number => time.now;
  const ledger = new MemoryLedger(clock);
  const [bodies, archive] = [new MemoryBodies(), new MemoryArchive()];
  const invocation = { owner: 'request-1', archivedIn: PLACE, leaseMs: LEASE_MS };
  return { time, handled, bodies, archive, ports: { ledger, handle, observer, clock, bodies, archive, ...invocation } };
}

const record = (event: Event, id = event.key) => ({ id, text: encodeMessage(event) });

describe('processBatch', () => {
  it('hands the event on with its exact body and its parsed JSON, and marks it processed', async () => {
    const { ports, handled } = setUp();
    await ports.ledger.claim(makeEvent());
    expect(await processBatch([record(makeEvent())], ports)).toEqual([]);
    expect(handled).toEqual([
      {
        ...{ source: 'osigu', provider: 'osigu', key: 'evt_1', type: 'authorization.created', via: 'webhook' },
        ...{ receivedAt: '2026-01-02T03:04:05.678Z', contentType: 'application/json' },
        ...{ body: Buffer.from('{"event_id":"evt_1"}'), json: { event_id: 'evt_1' } },
      },
    ]);
    expect(ports.ledger.find(makeEvent())?.status).toBe('PROCESSED');
  });

  it('drops a copy of a processed event', async () => {
    const { ports, handled } = setUp();
    await processBatch([record(makeEvent())], ports);
    expect(await processBatch([record(makeEvent())], ports)).toEqual([]);
    expect(handled).toHaveLength(1);
    expect(ports.observer.seen).toContain('dropped');
  });

  it('handles one of two copies in a batch, and sends the other back', async () => {
    const { ports, handled } = setUp();
    expect(await processBatch([record(makeEvent(), 'a'), record(makeEvent(), 'b')], ports)).toEqual(['b']);
    expect(handled).toHaveLength(1);
  });

  it('handles a message once that SQS hands out twice in a batch', async () => {
    const { ports, handled } = setUp();
    expect(await processBatch([record(makeEvent(), 'a'), record(makeEvent(), 'a')], ports)).toEqual(['a']);
    expect(handled).toHaveLength(1);
  });

  it('sends back what another invocation holds, and takes it when that one is gone', async () => {
    const { ports, handled, time } = setUp();
    await ports.ledger.lease(makeEvent(), { owner: 'request-0', until: time.now + LEASE_MS, archivedIn: 'elsewhere' });
    expect(await processBatch([record(makeEvent())], ports)).toEqual(['evt_1']);
    // Nothing failed that an operator would have to look at.
    expect(ports.observer.seen).toEqual(['busy']);
    time.now += LEASE_MS + 1;
    expect(await processBatch([record(makeEvent())], ports)).toEqual([]);
    expect(handled).toHaveLength(1);
  });

  it('reports only the message that failed', async () => {
    const { ports } = setUp((event) => (event.key === 'bad' ? Promise.reject(new RangeError('x')) : Promise.resolve()));
    const batch = ['a', 'bad', 'c'].map((key) => record(makeEvent({ key })));
    expect(await processBatch([...batch, { id: 'garbage', text: '{' }], ports)).toEqual(['garbage', 'bad']);
    expect(ports.observer.seen).toEqual(expect.arrayContaining(['failed:RangeError', 'failed:message_not_json']));
    expect(ports.ledger.find(makeEvent({ key: 'c' }))?.status).toBe('PROCESSED');
    expect(ports.ledger.find(makeEvent({ key: 'bad' }))?.status).not.toBe('PROCESSED');
  });

  it('sends the whole batch back where the handler fails as a whole, and a ledger that fails fails one', async () => {
    const { ports } = setUp();
    ports.handle = () => Promise.reject(new Error('broken'));
    expect(await processBatch([record(makeEvent({ key: 'a' })), record(makeEvent({ key: 'b' }))], ports)).toEqual([
      'a',
      'b',
    ]);
    ports.ledger.lease = () => Promise.reject(new Error('down'));
    expect(await processBatch([record(makeEvent({ key: 'c' }))], ports)).toEqual(['c']);
  });

  it('sends back an event whose mark failed', async () => {
    const { ports } = setUp();
    ports.ledger.markProcessed = () => Promise.reject(new Error('down'));
    expect(await processBatch([record(makeEvent())], ports)).toEqual(['evt_1']);
  });

  it('does not process a copy of an event that waits in quarantine', async () => {
    const { ports, handled } = setUp();
    await ports.ledger.claim(makeEvent());
    await ports.ledger.markQuarantined(makeEvent());
    expect(await processBatch([record(makeEvent())], ports)).toEqual([]);
    expect(handled).toEqual([]);
  });

  it('processes an event that the ledger has forgotten', async () => {
    const { ports, handled } = setUp();
    expect(await processBatch([record(makeEvent())], ports)).toEqual([]);
    expect(handled).toHaveLength(1);
    expect(ports.ledger.find(makeEvent())?.status).toBe('PROCESSED');
  });
});
