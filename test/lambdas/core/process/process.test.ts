import { describe, expect, it, jest } from '@jest/globals';
import { processBatch } from '../../../../lambdas/core/process/process.ts';
import { toHandled, toWebhookEvent } from '../../../../lambdas/core/process/handle.ts';
import type { HandleEvents } from '../../../../lambdas/core/process/handle.ts';
import type { Event, WebhookEvent } from '../../../../lambdas/core/event.ts';
import { batchesOf } from '../../../../lambdas/core/receive/batch-message.ts';
import { encodeMessage } from '../../../../lambdas/core/message.ts';
import {
  makeEvent,
  MemoryArchive,
  MemoryBodies,
  MemoryLedger,
  memoryRetries,
  recordingObserver,
} from '../in-memory.ts';

const LEASE_MS = 35_000;
const PLACE = 'archive/osigu/2026/01/02/03/request-1.jsonl.gz';

function setUp(handleOne: (event: WebhookEvent) => Promise<unknown> = () => Promise.resolve()) {
  const time = { now: Date.parse('2026-01-02T03:04:06.000Z') };
  const handled: WebhookEvent[] = [];
  const handle: HandleEvents = (tasks) =>
    tasks.map(async ({ event }) => {
      const webhookEvent = toWebhookEvent(event);
      await handleOne(webhookEvent);
      handled.push(webhookEvent);
    });
  const observer = recordingObserver();
  const clock = (): number => time.now;
  const ledger = new MemoryLedger(clock);
  const [bodies, archive] = [new MemoryBodies(), new MemoryArchive()];
  const invocation = { owner: 'request-1', archivedIn: PLACE, leaseMs: LEASE_MS };
  return {
    time,
    handled,
    bodies,
    archive,
    ports: { ledger, handle, observer, clock, bodies, archive, ...memoryRetries(), ...invocation },
  };
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

  it('handles no delivery of several events as one: it comes back until it is told apart', async () => {
    const { ports, handled } = setUp();
    const body = Buffer.from('[{"id":"1"},{"id":"2"}]');
    const events = [
      makeEvent({ key: '1', body: body.subarray(1, 11) }),
      makeEvent({ key: '2', body: body.subarray(12, 22) }),
    ];
    const [batch] = batchesOf(events, body);
    if (!batch) throw new Error('there is no batch');
    expect(await processBatch([record(batch, 'm')], ports)).toEqual(['m']);
    expect(handled).toEqual([]);
    expect(ports.observer.seen).toContain('failed:not_split');
    expect(ports.archive.objects.size).toBe(0);
  });

  it("says of a key that is not the provider's own id how it was made, so that two keys that read the same differ", async () => {
    const { ports, handled } = setUp();
    const [text, number] = [makeEvent({ key: '7' }), makeEvent({ key: '7', keyKind: 'number' })];
    expect(await processBatch([record(text, 'a'), record(number, 'b')], ports)).toEqual([]);
    expect(handled.map(({ key, keyKind }) => [key, keyKind])).toEqual([
      ['7', undefined],
      ['7', 'number'],
    ]);
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
    expect(await processBatch([...batch, { id: 'garbage', text: '{' }], ports)).toEqual(['bad']);
    expect(ports.retries.deadLetters).toEqual(['{']);
    expect(ports.observer.seen).toEqual(expect.arrayContaining(['failed:RangeError', 'failed:message_not_json']));
    expect(ports.ledger.find(makeEvent({ key: 'c' }))?.status).toBe('PROCESSED');
    expect(ports.ledger.find(makeEvent({ key: 'bad' }))?.status).not.toBe('PROCESSED');
  });

  it('sends the whole batch back where the handler fails as a whole, and a ledger that fails fails one', async () => {
    const { ports } = setUp();
    ports.handle = () => {
      throw new Error('broken');
    };
    expect(await processBatch([record(makeEvent({ key: 'a' })), record(makeEvent({ key: 'b' }))], ports)).toEqual([
      'a',
      'b',
    ]);
    ports.ledger.lease = () => Promise.reject(new Error('down'));
    expect(await processBatch([record(makeEvent({ key: 'c' }))], ports)).toEqual(['c']);
  });

  it('marks each event when its own handler is done, whatever holds up another one', async () => {
    const hanging = Promise.withResolvers<undefined>();
    const { ports } = setUp(({ key }) => (key === 'hangs' ? hanging.promise : Promise.resolve(undefined)));
    const batch = ['a', 'hangs', 'b'].map((key) => record(makeEvent({ key })));
    const processed = processBatch(batch, ports);
    const statusOf = (key: string) => ports.ledger.find(makeEvent({ key }))?.status;
    while (statusOf('b') !== 'PROCESSED') await new Promise((resolve) => setImmediate(resolve));
    expect(['a', 'hangs', 'b'].map(statusOf)).toEqual([
      'PROCESSED',
      expect.not.stringMatching('PROCESSED'),
      'PROCESSED',
    ]);
    hanging.reject(Object.assign(new Error('x'), { name: 'timed_out' }));
    expect(await processed).toEqual(['hangs']);
    expect(ports.ledger.find(makeEvent({ key: 'hangs' }))?.failures).toEqual(['timed_out']);
  });

  it('tells a handler which events come again, and fails an event that it has no result for', async () => {
    const { ports } = setUp();
    const retries: boolean[] = [];
    ports.handle = (tasks) => {
      retries.push(...tasks.map(({ isRetry }) => isRetry));
      return tasks.slice(1).map(() => Promise.resolve());
    };
    const [a, b] = [makeEvent({ key: 'a' }), makeEvent({ key: 'b' })];
    expect(
      await processBatch(
        [
          { ...record(a), receives: 1 },
          { ...record(b), receives: 2 },
        ],
        ports,
      ),
    ).toEqual(['b']);
    expect(retries).toEqual([false, true]);
  });

  it('reads a message once more only if its event failed', async () => {
    const { ports } = setUp((event) => (event.key === 'bad' ? Promise.reject(new Error('x')) : Promise.resolve()));
    const parse = jest.spyOn(JSON, 'parse');
    await processBatch(
      ['good', 'bad'].map((key) => record(makeEvent({ key }))),
      ports,
    );
    const messages = parse.mock.calls.filter(([text]) => text.includes('"version":1'));
    parse.mockRestore();
    expect(messages).toHaveLength(3);
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

describe("a handler's event", () => {
  const event = toHandled(makeEvent({ body: Buffer.from('{"a":1}') }));

  it('is parsed when somebody reads its JSON, once, and not before', () => {
    const parse = jest.spyOn(JSON, 'parse');
    const webhookEvent = toWebhookEvent(event);
    expect(parse).not.toHaveBeenCalled();
    const { json } = webhookEvent;
    expect(webhookEvent.json).toBe(json);
    expect(parse).toHaveBeenCalledTimes(1);
    parse.mockRestore();
    expect(json).toEqual({ a: 1 });
  });

  it('has its JSON in copies of it, and none if the body is no object', () => {
    expect({ ...toWebhookEvent(event) }).toEqual({ ...event, json: { a: 1 } });
    expect(Object.keys(toWebhookEvent(event))).toContain('json');
    expect(toWebhookEvent({ ...event, body: Buffer.from('[1]') }).json).toBeUndefined();
  });

  it('gives a handler every kind of body in its own type, and the exact bytes always', () => {
    const views = (text: string) => {
      const { json, value, form, parts, lines, body } = toWebhookEvent({
        ...toHandled(makeEvent()),
        body: Buffer.from(text),
      });
      expect(body.toString()).toBe(text);
      return { json, value, form: form && [...form], parts, lines };
    };
    const none = { json: undefined, value: undefined, form: undefined, parts: undefined, lines: undefined };
    expect(views('[1,2]')).toEqual({ ...none, value: [1, 2], lines: [[1, 2]] });
    expect(views('payload=%7B%7D&b=1&b=2')).toEqual({
      ...none,
      form: [
        ['payload', ['{}']],
        ['b', ['1', '2']],
      ],
    });
    expect(views('{"a":1}\n{"a":2}\n')).toEqual({ ...none, lines: [{ a: 1 }, { a: 2 }] });
    expect(views('--x\r\ncontent-disposition: form-data; name="json"\r\n\r\n{}\r\n--x--\r\n')).toEqual({
      ...none,
      parts: [{ name: 'json', content: Buffer.from('{}') }],
    });
    expect(views('')).toEqual(none);
  });
});
