import { describe, expect, it } from '@jest/globals';
import { EACH, eachLine, eachOf } from '../../../lambdas/core/batch.ts';
import { JSON_LINES, JSON_VALUE } from '../../../lambdas/core/content.ts';
import { decodeMessage, encodeMessage, encodeReferring, hasBody } from '../../../lambdas/core/message.ts';
import { defineProvider } from '../../../lambdas/core/provider.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { splitBatches } from '../../../lambdas/core/process/split.ts';
import { receive } from '../../../lambdas/core/receive/receive.ts';
import { readId, readText } from '../../../lambdas/core/schemes/fields.ts';
import { hmac } from '../../../lambdas/core/schemes/hmac.ts';
import { schemeOf } from '../../../lambdas/core/provider.ts';
import {
  fixedSecrets,
  MemoryArchive,
  MemoryBodies,
  MemoryLedger,
  MemoryQueue,
  memoryRetries,
  recordingObserver,
} from './in-memory.ts';

const NOW = Date.parse('2026-03-01T09:30:00.000Z');
const read: Parameters<typeof eachOf>[1] = ({ id, type }) => ({ key: readId(id), type: readText(type) });
const acme: Provider = defineProvider({
  name: 'acme',
  title: 'Acme',
  documents: { source: 'its page', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-acme-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  content: [JSON_VALUE],
  batches: true,
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},
  readEvents: eachOf([EACH], read),
  sample: ({ id }) => JSON.stringify([{ id, type: 't' }]),
});

function setUp(provider = acme) {
  const clock = (): number => NOW;
  const source = { name: 'acme', provider, options: {}, windowSeconds: 3600, maxBodyBytes: 4_000_000 };
  const [queue, quarantine] = [new MemoryQueue(), new MemoryQueue()];
  const ports = {
    ...{ clock, queue, quarantine, ledger: new MemoryLedger(clock), observer: recordingObserver() },
    ...{
      secrets: fixedSecrets('a secret'),
      bodies: new MemoryBodies(),
      archive: new MemoryArchive(),
      archivedIn: 'here',
    },
    ...memoryRetries(),
  };
  const deliver = (body: string) => {
    const bytes = Buffer.from(body);
    const { headers } = schemeOf(provider, {}).sign({
      url: '',
      body: bytes,
      secrets: ['a secret'],
      now: new Date(NOW),
    });
    const lines = new Map(Object.entries(headers).map(([name, value]) => [name, [value]]));
    return receive({ method: 'POST', url: '', headers: lines, body: bytes }, source, ports);
  };
  /** Splits what waits in the queue; the messages of events stay. */
  const split = (receives = 1) => {
    const records = queue.events.map((event, index) => ({ id: String(index), text: encodeMessage(event), receives }));
    queue.events.length = 0;
    return splitBatches(records, ports);
  };
  return { ports, deliver, split, queue, quarantine };
}

const items = (...ids: (string | number)[]) => JSON.stringify(ids.map((id) => ({ id, type: 't' })));

describe('a delivery of several events', () => {
  it('is one message, and each of its events one behind the queue', async () => {
    const { deliver, split, queue, ports } = setUp();
    expect(await deliver('[{"id":"1","type":"a", "n":1.50},\n{"id":"2","type":"b"}]')).toMatchObject({ status: 200 });
    expect(queue.events).toMatchObject([{ keyKind: 'batch', parts: [{ key: '1' }, { key: '2' }] }]);
    expect(await split()).toEqual({ events: [], failed: [] });
    expect(queue.events.map(({ key, type, body, pointer }) => [key, type, body.toString(), pointer])).toEqual([
      ['1', 'a', '{"id":"1","type":"a", "n":1.50}', '/0'],
      ['2', 'b', '{"id":"2","type":"b"}', '/1'],
    ]);
    expect(queue.events.every(({ parts }) => parts === undefined)).toBe(true);
    expect([...ports.ledger.items.values()].map(({ status }) => status)).toEqual(['QUEUED', 'QUEUED']);
    expect(ports.archive.objects.get('here')).toMatchObject([{ keyKind: 'batch' }]);
  });

  it('processes nothing twice if it is cut otherwise when it is sent again', async () => {
    const { deliver, split, queue } = setUp();
    for (const body of [items(1, 2, 3), items(2), items(3, 4), items(1, 2, 3, 4, 5)]) {
      await deliver(body);
      const { events } = await split();
      queue.events.push(...events.flatMap(({ text }) => messageOf(text)));
    }
    // A list of one is told apart behind the queue too: the signature is over the list.
    await deliver(items(6));
    await deliver(items(6, 1));
    await split();
    expect(queue.events.map(({ key }) => key)).toEqual(['6']);
  });

  it('comes back if one of its events cannot be queued, and the others are known then', async () => {
    const { deliver, split, queue, ports } = setUp();
    await deliver(items(1, 2, 3));
    const send = queue.send.bind(queue);
    ports.queue.send = (event) => (event.key === '2' ? Promise.reject(new Error('down')) : send(event));
    const waiting = [...queue.events];
    expect((await split()).failed).toEqual(['0']);
    expect(queue.events.map(({ key }) => key).sort()).toEqual(['1', '3']);
    ports.queue.send = send;
    queue.events.splice(0, Infinity, ...waiting);
    expect((await split()).failed).toEqual([]);
    expect(queue.events.map(({ key }) => key)).toEqual(['2']);
  });

  it('is tried again by the schedule, and is a dead letter after its last try', async () => {
    const { deliver, split, queue, ports } = setUp();
    await deliver(items(1, 2));
    const [waiting] = queue.events;
    ports.queue.send = () => Promise.reject(Object.assign(new Error('down'), { name: 'Unreachable' }));
    for (let receives = 1; receives <= 5; receives++) {
      queue.events.splice(0, Infinity, ...(waiting ? [waiting] : []));
      expect((await split(receives)).failed).toEqual(receives < 5 ? ['0'] : []);
    }
    expect(ports.retries.delays.map(({ seconds }) => seconds)).toEqual([10, 20, 40, 60]);
    expect(ports.retries.reasons).toEqual(['split_Unreachable']);
    expect(ports.observer.seen.filter((seen) => seen === 'failed:split_Unreachable')).toHaveLength(5);
  });

  it('is a dead letter at once if its body is gone', async () => {
    const { deliver, queue, ports } = setUp();
    await deliver(items(1, 2));
    const [event] = queue.events;
    if (!event) throw new Error('nothing is queued');
    const text = encodeReferring(event, 'gone');
    expect(await splitBatches([{ id: 'm', text }], ports)).toEqual({ events: [], failed: [] });
    expect(ports.retries).toMatchObject({ deadLetters: [text], reasons: ['body_missing'], delays: [] });
  });

  it('is authentic and no event if it is empty', async () => {
    const { deliver, queue, quarantine } = setUp();
    expect(await deliver('[]')).toEqual({ status: 200, body: { status: 'empty' } });
    expect([queue.events, quarantine.events]).toEqual([[], []]);
  });

  it('has an unreadable one wait in quarantine alone, and a body that is no list as a whole', async () => {
    const { deliver, split, queue, quarantine } = setUp();
    await deliver('[{"id":"1","type":"t"},17,{"type":"t"},{"id":"2","type":"t"}]');
    await split();
    expect(queue.events.map(({ key }) => key)).toEqual(['1', '2']);
    expect(quarantine.events.map((event) => [event.quarantine, event.body.toString()])).toEqual([
      ['not_json', '17'],
      ['no_event_id', '{"type":"t"}'],
    ]);
    await deliver('{"id":"3"}');
    await deliver('nonsense');
    expect(quarantine.events.slice(2).map((event) => event.quarantine)).toEqual(['no_event_id', 'not_json']);
  });

  it('is answered within the deadline if it has a thousand, and several messages hold more', async () => {
    const { deliver, split, queue } = setUp();
    const started = performance.now();
    await deliver(items(...Array.from({ length: 1000 }, (_, id) => id)));
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(queue.events).toHaveLength(1);
    await split();
    expect(new Set(queue.events.map(({ key }) => key)).size).toBe(1000);
    queue.events.length = 0;
    await deliver(items(...Array.from({ length: 2500 }, (_, id) => `more ${id}`)));
    expect(queue.events.length).toBeGreaterThan(1);
    for (const event of queue.events) expect(Buffer.byteLength(encodeMessage(event))).toBeLessThan(1024 * 1024);
    await split();
    expect(queue.events).toHaveLength(2500);
  });
});

describe('JSON lines', () => {
  it('are each an event', async () => {
    const { deliver, split, queue } = setUp({ ...acme, content: [JSON_LINES], readEvents: eachLine(read) });
    await deliver('{"id":"1","type":"t"}\n{"id":"2","type":"t"}\n');
    await split();
    expect(queue.events.map(({ key, body }) => [key, body.toString()])).toEqual([
      ['1', '{"id":"1","type":"t"}'],
      ['2', '{"id":"2","type":"t"}'],
    ]);
  });
});

function messageOf(text: string) {
  const message = decodeMessage(text);
  return message.ok && hasBody(message.value) ? [message.value] : [];
}
