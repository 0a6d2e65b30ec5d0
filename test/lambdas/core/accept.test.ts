import { describe, expect, it } from '@jest/globals';
import { accept } from '../../../lambdas/core/accept.ts';
import { makeEvent, MemoryLedger, MemoryQueue, recordingObserver } from './in-memory.ts';

function setUp() {
  const time = { now: 1_000_000 };
  const ports = {
    ledger: new MemoryLedger(() => time.now),
    queue: new MemoryQueue(),
    quarantine: new MemoryQueue(),
    observer: recordingObserver(),
  };
  return { time, ports };
}

const failOnce = (port: MemoryQueue): void => {
  const send = port.send.bind(port);
  port.send = () => {
    port.send = send;
    return Promise.reject(new Error('down'));
  };
};

describe('accept', () => {
  it('claims, enqueues and marks a new event', async () => {
    const { ports } = setUp();
    expect(await accept(makeEvent(), ports)).toBe('accepted');
    expect(ports.queue.events).toEqual([makeEvent()]);
    expect(ports.ledger.find(makeEvent())?.status).toBe('QUEUED');
  });

  it.each(['QUEUED', 'PROCESSED', 'QUARANTINED'] as const)(
    'enqueues nothing for an event that is %s',
    async (status) => {
      const { ports } = setUp();
      await ports.ledger.claim(makeEvent());
      Object.assign(ports.ledger.find(makeEvent()) ?? {}, { status });
      expect(await accept(makeEvent(), ports)).toBe('duplicate');
      expect(ports.queue.events).toEqual([]);
      expect(ports.ledger.find(makeEvent())).toMatchObject({ status, deliveries: 2 });
    },
  );

  it('heals a send that failed: the next delivery finds PENDING and enqueues again', async () => {
    const { ports } = setUp();
    failOnce(ports.queue);
    await expect(accept(makeEvent(), ports)).rejects.toThrow('down');
    expect(ports.ledger.find(makeEvent())?.status).toBe('PENDING');
    expect(await accept(makeEvent(), ports)).toBe('accepted');
    expect(ports.queue.events).toHaveLength(1);
  });

  it('is not stopped by a mark that fails, for the event is in the queue', async () => {
    const { ports } = setUp();
    ports.ledger.markQueued = () => Promise.reject(new TypeError('lost'));
    expect(await accept(makeEvent(), ports)).toBe('accepted');
    expect(ports.observer.seen).toContain('markFailed:TypeError');
    expect(await accept(makeEvent(), ports)).toBe('accepted');
    expect(ports.queue.events).toHaveLength(2);
  });

  it('takes an event anew whose item has expired', async () => {
    const { ports, time } = setUp();
    await accept(makeEvent(), ports);
    time.now += 1_000_001;
    expect(await accept(makeEvent(), ports)).toBe('accepted');
    expect(ports.queue.events).toHaveLength(2);
  });

  it('quarantines the same key with another body, once, and leaves the first event alone', async () => {
    const { ports } = setUp();
    const other = makeEvent({ body: Buffer.from('{"event_id":"evt_1","x":1}') });
    await accept(makeEvent(), ports);
    expect(await accept(other, ports)).toBe('conflict');
    // Again it is nothing new, and counts as nothing else.
    expect(await accept(other, ports)).toBe('duplicate');
    expect(ports.observer.seen.filter((seen) => seen === 'conflict')).toHaveLength(1);
    expect(ports.quarantine.events).toEqual([expect.objectContaining({ quarantine: 'conflict', body: other.body })]);
    expect(ports.queue.events).toHaveLength(1);
  });

  it('heals a conflict whose quarantining failed', async () => {
    const { ports } = setUp();
    const other = makeEvent({ body: Buffer.from('{}') });
    await accept(makeEvent(), ports);
    failOnce(ports.quarantine);
    await expect(accept(other, ports)).rejects.toThrow('down');
    await accept(other, ports);
    expect(ports.quarantine.events).toHaveLength(1);
  });

  it('keeps an event that waits for a decision out of the queue', async () => {
    const { ports } = setUp();
    const event = makeEvent({ quarantine: 'not_json' });
    expect(await accept(event, ports)).toBe('quarantined');
    expect(await accept(event, ports)).toBe('duplicate');
    expect(ports.quarantine.events).toEqual([event]);
    expect(ports.queue.events).toEqual([]);
    expect(ports.ledger.find(event)?.status).toBe('QUARANTINED');
  });

  it('does not take for a replay what was PENDING before it grew old', async () => {
    const { ports } = setUp();
    failOnce(ports.queue);
    await expect(accept(makeEvent(), ports)).rejects.toThrow('down');
    expect(await accept(makeEvent({ quarantine: 'older_than_window' }), ports)).toBe('accepted');
    expect(ports.queue.events).toEqual([makeEvent()]);
    expect(ports.quarantine.events).toEqual([]);
  });
});
