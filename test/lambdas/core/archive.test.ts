import { describe, expect, it } from '@jest/globals';
import { archivePlace } from '../../../lambdas/core/archive.ts';
import type { Event } from '../../../lambdas/core/event.ts';
import { encodeMessage, encodeReferring } from '../../../lambdas/core/message.ts';
import type { Archive } from '../../../lambdas/core/ports.ts';
import type { HandleEvents } from '../../../lambdas/core/process/handle.ts';
import { processBatch } from '../../../lambdas/core/process/process.ts';
import { makeEvent, MemoryArchive, MemoryBodies, MemoryLedger, memoryRetries, recordingObserver } from './in-memory.ts';

const PLACE = 'archive/osigu/2026/01/02/03/request-1.jsonl.gz';

function setUp() {
  const clock = (): number => Date.parse('2026-01-02T03:04:06.000Z');
  const done: string[] = [];
  const archive = new MemoryArchive();
  const keep = archive.keep.bind(archive);
  archive.keep = async (place, events) => {
    await keep(place, events);
    done.push(...events.map(({ key }) => `archived ${key}`));
  };
  const handle: HandleEvents = (tasks) => {
    done.push(...tasks.map(({ event: { key } }) => `handled ${key}`));
    return tasks.map(() => Promise.resolve());
  };
  const parts = {
    ledger: new MemoryLedger(clock),
    bodies: new MemoryBodies(),
    archive: archive as Archive,
    handle,
    clock,
  };
  const ports = {
    ...parts,
    ...memoryRetries(),
    observer: recordingObserver(),
    owner: 'request-1',
    archivedIn: PLACE,
    leaseMs: 40_000,
  };
  return { ports, done, archive };
}

const record = (event: Event) => ({ id: event.key, text: encodeMessage(event) });
const recordByReference = ({ body, ...head }: Event, key: string) => ({
  id: head.key,
  text: encodeReferring(head, key),
});

describe('a place in the archive', () => {
  it('is below source, day and hour, in UTC', () => {
    const at = Date.parse('2026-03-01T00:59:59.999+01:00');
    expect(archivePlace('osigu-sandbox', at, 'id')).toBe('archive/osigu-sandbox/2026/02/28/23/id.jsonl.gz');
  });
});

describe('a batch', () => {
  it('is archived as one object before any of it is handled, and the ledger knows the place', async () => {
    const { ports, done, archive } = setUp();
    const events = ['a', 'b', 'c'].map((key) => makeEvent({ key }));
    expect(await processBatch(events.map(record), ports)).toEqual([]);
    expect([...archive.objects]).toEqual([[PLACE, events]]);
    expect(done).toEqual(['archived', 'handled'].flatMap((step) => events.map(({ key }) => `${step} ${key}`)));
    for (const event of events)
      expect(ports.ledger.find(event)).toMatchObject({ status: 'PROCESSED', archivedIn: PLACE });
  });

  it('is archived with what the signature of each event covers', async () => {
    const { ports, archive } = setUp();
    const events = (['body', 'fields', 'caller'] as const).map((coverage) => makeEvent({ key: coverage, coverage }));
    await processBatch(events.map(record), ports);
    expect(archive.objects.get(PLACE)?.map(({ coverage }) => coverage)).toEqual(['body', 'fields', 'caller']);
  });

  it('whose archiving failed comes back whole, and nothing of it is handled', async () => {
    const { ports, done } = setUp();
    const { archive } = ports;
    ports.archive = { keep: () => Promise.reject(Object.assign(new Error('x'), { name: 'SlowDown' })) };
    const records = ['a', 'b'].map((key) => record(makeEvent({ key })));
    expect(await processBatch(records, ports)).toEqual(['a', 'b']);
    expect(done).toEqual([]);
    expect(ports.observer.seen).toEqual(['failed:archive_SlowDown', 'failed:archive_SlowDown']);
    expect(ports.ledger.find(makeEvent({ key: 'a' }))?.status).toBe('QUEUED');

    ports.archive = archive;
    expect(await processBatch(records, ports)).toEqual([]);
    expect(done).toEqual(['archived a', 'archived b', 'handled a', 'handled b']);
  });

  it('is archived with what cannot be read left out, which is a dead letter at once', async () => {
    const { ports, done } = setUp();
    const missing = recordByReference(makeEvent({ key: 'missing' }), 'bodies/osigu/none');
    const altered = recordByReference(makeEvent({ key: 'altered', body: Buffer.from('other') }), 'bodies/osigu/other');
    ports.bodies.objects.set('bodies/osigu/other', Buffer.from('changed'));
    expect(await processBatch([missing, altered, record(makeEvent({ key: 'a' }))], ports)).toEqual([]);
    expect(ports.retries.deadLetters).toEqual([missing.text, altered.text]);
    expect(ports.observer.seen).toEqual(expect.arrayContaining(['failed:body_missing', 'failed:body_altered']));
    expect(done).toEqual(['archived a', 'handled a']);
  });

  it('is archived with the bodies that came by reference', async () => {
    const { ports, archive } = setUp();
    const large = makeEvent({ body: Buffer.from([1, 2, 0xff]) });
    const key = await ports.bodies.put(large);
    expect(await processBatch([recordByReference(large, key)], ports)).toEqual([]);
    expect(archive.objects.get(PLACE)).toEqual([large]);
  });

  it('in which nothing is left to do is not archived, and no body is got for it', async () => {
    const { ports, archive } = setUp();
    await processBatch([record(makeEvent())], ports);
    archive.objects.clear();
    ports.bodies.get = () => Promise.reject(new Error('asked'));
    expect(await processBatch([recordByReference(makeEvent(), 'k')], ports)).toEqual([]);
    expect(archive.objects.size).toBe(0);
  });

  it('of a copy is archived too: it has evidence of its own', async () => {
    const { ports, done, archive } = setUp();
    const polled = makeEvent({ key: 'polled', via: 'poll', reconcileKey: 'r' });
    const delivered = makeEvent({ key: 'delivered', reconcileKey: 'r' });
    await processBatch([record(polled)], ports);
    expect(await processBatch([record(delivered)], { ...ports, archivedIn: 'second' })).toEqual([]);
    expect(archive.objects.get('second')).toEqual([delivered]);
    expect(done).toEqual(['archived polled', 'handled polled', 'archived delivered']);
    expect(ports.ledger.find(delivered)).toMatchObject({ status: 'PROCESSED', copyOf: 'polled', archivedIn: 'second' });
  });
});
