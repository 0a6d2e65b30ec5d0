import { describe, expect, it } from '@jest/globals';
import { accept } from '../../lambdas/core/accept.ts';
import { identify } from '../../lambdas/core/identify.ts';
import type { Event } from '../../lambdas/core/event.ts';
import { HttpFault } from '../../lambdas/core/http.ts';
import { signed, verified } from '../providers/deliveries.ts';
import { exclusion, optumEvent, setUpPoll, START, SUBSCRIPTION } from './poll-fixtures.ts';

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `e${index}`);
const handledIds = (handled: readonly string[]): string[] =>
  handled.map((body) => {
    const { id, data } = JSON.parse(body) as { id?: string; data?: { id: string } };
    return id ?? data?.id ?? '';
  });

type World = ReturnType<typeof setUpPoll>;

/** The event that a delivery of this body makes. */
const delivered = ({ source, time }: World, body: string): Event =>
  identify(verified(signed(source.provider, body), new Date(time.now)), source);

describe('a poll of Optum', () => {
  const setUp = () => {
    const world = setUpPoll('optum');
    return { ...world, subscription: world.optum.subscription(SUBSCRIPTION) };
  };
  const miss = ({ optum }: World, events: readonly string[]): void =>
    events.forEach((event) => void optum.miss(SUBSCRIPTION, event));

  it('gets every missed event, acknowledges it, and reopens the circuit', async () => {
    const world = setUp();
    miss(
      world,
      ids(25).map((id) => optumEvent(id)),
    );
    expect(await world.run()).toMatchObject({
      ...{ outcome: 'succeeded', listed: 25, accepted: 25, acknowledged: 25, reopened: true, left: 0 },
      oldestSeconds: 1800,
    });
    await world.process();
    expect(handledIds(world.handled)).toEqual(ids(25));
    expect(world.subscription).toMatchObject({ reopened: 1, listed: new Map() });
    expect(world.observer.seen.filter((line) => line === 'recovered')).toHaveLength(25);
  });

  it('finds nothing the second time, and reopens nothing', async () => {
    const world = setUp();
    miss(world, [optumEvent('a')]);
    await world.run();
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', listed: 0, reopened: false });
    expect(world.subscription.reopened).toBe(1);
  });

  it('hands on the exact text of the payload, under the key of its delivery', async () => {
    const world = setUp();
    const text = `{ "type":"t" ,"id":"1", "causationId": 2,"time":"2026-03-01T09:00:00Z" , "amount": 1.10 }`;
    miss(world, [text]);
    await world.run();
    const [event] = world.queue.events;
    expect(event).toMatchObject({ via: 'poll', type: 't', key: delivered(world, text).key });
    expect(event?.body.toString()).toBe(text);
  });

  it('follows the pages to the end before it acknowledges, for that moves them', async () => {
    const world = setUp();
    world.optum.pageSize = 4;
    miss(
      world,
      ids(10).map((id) => optumEvent(id)),
    );
    expect(await world.run()).toMatchObject({ pages: 3, accepted: 10, acknowledged: 10 });
  });

  it('processes an event once that was delivered too, however its list writes it', async () => {
    const world = setUp();
    const body = optumEvent('a');
    await accept(delivered(world, body), { ...world.parts, observer: world.observer });
    const rewritten = JSON.stringify(JSON.parse(body), null, 2);
    miss(world, [rewritten]);
    expect(await world.run()).toMatchObject({ known: 1, accepted: 0, quarantined: 0, acknowledged: 1 });
    await world.process();
    expect(world.handled).toEqual([body]);
  });

  it('takes no delivery for a conflict whose event was listed before, in other bytes', async () => {
    const world = setUp();
    const body = optumEvent('a');
    miss(world, [JSON.stringify(JSON.parse(body), null, 2)]);
    await world.run();
    expect(await accept(delivered(world, body), { ...world.parts, observer: world.observer })).toBe('duplicate');
    expect(world.quarantine.events).toEqual([]);
  });

  it('enqueues what a delivery left pending', async () => {
    const world = setUp();
    await world.ledger.claim(delivered(world, optumEvent('a')));
    miss(world, [optumEvent('a')]);
    expect(await world.run()).toMatchObject({ accepted: 1, acknowledged: 1 });
    await world.process();
    expect(world.handled).toHaveLength(1);
  });

  it('acknowledges what cannot be read only from quarantine, and lets it stop nothing', async () => {
    const world = setUp();
    const raw = (entry: unknown): void => world.optum.missRaw(SUBSCRIPTION, entry);
    raw({ id: 'm1', eventPayload: '{"type":' });
    raw({ id: 'm2', eventPayload: { type: 't' } });
    raw({ id: 'm3' });
    raw('text');
    raw(null);
    raw({ id: 'm4', eventPayload: '{"id":"x"}' });
    raw({ id: { nested: 1 }, eventPayload: optumEvent('no-entry-id') });
    miss(world, [optumEvent('good')]);
    const report = await world.run();
    expect(report).toMatchObject({ outcome: 'succeeded', listed: 8, accepted: 2, quarantined: 6, acknowledged: 5 });
    expect(report.malformed).toEqual({
      payload_not_json: 1,
      payload_not_text: 1,
      payload_missing: 1,
      entry_not_object: 2,
      entry_without_id: 1,
    });
    expect(world.quarantine.events.map(({ quarantine }) => quarantine)).toEqual([
      ...Array.from({ length: 5 }, () => 'unreadable_missed_event'),
      'no_event_type',
    ]);
    // What has no id cannot be acknowledged: it stays in the list, and is known from then on.
    const again = await world.run();
    expect(again).toMatchObject({ listed: 3, known: 3, accepted: 0, quarantined: 0, reopened: false });
    expect(world.quarantine.events).toHaveLength(6);
  });

  it('leaves unacknowledged what it could not make safe, and does not reopen', async () => {
    const world = setUp();
    miss(
      world,
      ids(3).map((id) => optumEvent(id)),
    );
    const queue = {
      send: (event: Event) =>
        event.body.includes('"e1"') ? Promise.reject(new RangeError('x')) : world.queue.send(event),
    };
    expect(await world.run({ queue })).toMatchObject({
      ...{ outcome: 'failed', accepted: 2, failed: 1, acknowledged: 2, reopened: false, faults: ['accept_RangeError'] },
    });
    expect(world.subscription.listed.size).toBe(1);
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', accepted: 1, acknowledged: 1, reopened: true });
    await world.process();
    expect(handledIds(world.handled)).toEqual(['e0', 'e2', 'e1']);
  });

  it('gives up for this time where nothing goes', async () => {
    const world = setUp();
    miss(
      world,
      ids(40).map((id) => optumEvent(id)),
    );
    let sends = 0;
    const queue = { send: () => Promise.reject(new Error(String(++sends))) };
    expect(await world.run({ queue })).toMatchObject({ outcome: 'failed', failed: 10, left: 30, acknowledged: 0 });
    expect(sends).toBe(10);
  });

  it('reopens a circuit that is open though nothing was missed', async () => {
    const world = setUp();
    world.subscription.isOpen = true;
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', reopened: true });
    expect(world.subscription.isOpen).toBe(false);
  });

  it('stops at its bounds, says so, and goes on at the next poll', async () => {
    const world = setUp();
    world.optum.pageSize = 10;
    miss(
      world,
      ids(45).map((id) => optumEvent(id)),
    );
    expect(await world.run({}, { maxEvents: 20 })).toMatchObject({ accepted: 20, acknowledged: 20, left: 1 });
    expect(await world.run({}, { maxPages: 1 })).toMatchObject({ accepted: 10, left: 1 });
    expect(await world.run({}, { reserveMs: 100_000 })).toMatchObject({ accepted: 0, left: 1, pages: 0 });
    expect(await world.run()).toMatchObject({ accepted: 15, left: 0 });
    await world.process();
    expect(new Set(handledIds(world.handled)).size).toBe(45);
  });

  it.each([
    ['an answer that is no JSON', { status: 200, body: '<html>' }, 'list_not_json'],
    ['an object', { status: 200, body: {} }, 'list_not_a_list'],
    ['a refusal', { status: 403, body: {} }, 'list_http_403'],
    [
      'a next page elsewhere',
      { status: 200, body: [], link: '<https://evil.example/x>; rel="next"' },
      'list_foreign_link',
    ],
  ])('counts %s, and does nothing with it', async (_name, answer, fault) => {
    const world = setUp();
    const http: typeof world.parts.http = (request) =>
      request.url.endsWith('missed-events')
        ? Promise.resolve({
            status: answer.status,
            headers: new Map('link' in answer ? [['link', answer.link]] : []),
            body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body),
          })
        : world.parts.http(request);
    expect(await world.run({ http })).toMatchObject({ outcome: 'failed', faults: [fault] });
  });

  it('says which call had no answer, or no token', async () => {
    const world = setUp();
    const down = () => Promise.reject(new HttpFault('timeout'));
    expect((await world.run({ http: down })).faults).toEqual(['list_timeout']);
    const page = () => Promise.resolve({ status: 200, headers: new Map<string, string>(), body: '<html>' });
    expect((await world.run({ http: page })).faults).toEqual(['list_token_malformed']);
  });

  it('asks once more with a fresh token where its own was revoked', async () => {
    const world = setUp();
    miss(world, [optumEvent('a')]);
    let revoked = false;
    world.hooks.onRequest = ({ url }) => {
      if (revoked || !url.pathname.endsWith('missed-events')) return;
      revoked = true;
      world.tokens.revokeAll();
    };
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', acknowledged: 1 });
    expect(world.tokens.issued()).toBe(2);
  });

  it('ends a list that names its own page as the next one', async () => {
    const world = setUp();
    const http: typeof world.parts.http = async (request) => {
      const answer = await world.parts.http(request);
      return request.url.includes('missed-events') && request.method === 'GET'
        ? { ...answer, headers: new Map([['link', `<${request.url}>; rel="next"`]]) }
        : answer;
    };
    miss(world, [optumEvent('a')]);
    const report = await world.run({ http });
    expect(report).toMatchObject({ outcome: 'failed', faults: ['list_repeated_page'], accepted: 1, acknowledged: 1 });
  });

  it('does nothing while another poll is under way', async () => {
    const world = setUp();
    await world.cursor.begin('other', START + 60_000);
    expect(await world.run()).toMatchObject({ outcome: 'busy', faults: [] });
    expect(world.requests).toEqual([]);
    world.time.now += 60_001;
    expect(await world.run()).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('a poll of NVSEP', () => {
  const setUp = (options = {}) => setUpPoll('nvsep', { pageSize: 5, ...options });
  const webhook = (id: string, exclusionId: string): string =>
    JSON.stringify({
      ...{ id, type: 'cfs_exclusions.created', createdAt: '2026-03-01T09:29:00Z', version: '1.0' },
      data: exclusion(exclusionId),
    });
  const deliver = (world: World, body: string) =>
    accept(delivered(world, body), { ...world.parts, observer: world.observer });

  it('makes an event of an exclusion like the delivered one', async () => {
    const world = setUp();
    world.nvsep.entries.push(exclusion('x1'));
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', accepted: 1 });
    const [event] = world.queue.events;
    expect(event).toMatchObject({
      via: 'poll',
      type: 'cfs_exclusions.created',
      key: 'exclusion:x1',
      reconcileKey: 'x1',
    });
    expect(JSON.parse(event?.body.toString() ?? '')).toEqual({
      ...{ type: 'cfs_exclusions.created', version: '1.0', createdAt: '2026-03-01T09:29:00.000Z' },
      data: exclusion('x1'),
    });
  });

  it('skips what a delivery made known, by data.id', async () => {
    const world = setUp();
    await deliver(world, webhook('w1', 'x1'));
    await world.process();
    world.nvsep.entries.push(exclusion('x1'), exclusion('x2'));
    expect(await world.run()).toMatchObject({ known: 1, accepted: 1 });
    await world.process();
    expect(world.handled).toHaveLength(2);
  });

  it.each(['the delivery', 'the list'])(
    'processes once what comes both ways at the same time, first by %s',
    async (first) => {
      const world = setUp();
      world.nvsep.entries.push(exclusion('x1'));
      await (first === 'the list' ? world.run() : deliver(world, webhook('w1', 'x1')));
      await (first === 'the list' ? deliver(world, webhook('w1', 'x1')) : world.run());
      expect(world.queue.events).toHaveLength(2);
      await world.process();
      expect(world.handled).toHaveLength(1);
      const copies = [...world.ledger.items.values()].filter(({ copyOf }) => copyOf !== undefined);
      expect(copies).toEqual([
        expect.objectContaining({ status: 'PROCESSED', copyOf: first === 'the list' ? 'exclusion:x1' : 'w1' }),
      ]);
    },
  );

  it('processes two deliveries of one exclusion, be it listed or not', async () => {
    for (const isListed of [false, true]) {
      const world = setUp();
      if (isListed) {
        world.nvsep.entries.push(exclusion('x1'));
        await world.run();
      }
      await deliver(world, webhook('w1', 'x1'));
      await deliver(world, webhook('w2', 'x1'));
      await world.process();
      expect(world.handled).toHaveLength(2);
    }
  });

  it('begins at the deployment, or where it is told to', async () => {
    const entries = [exclusion('old', '2026-03-01T08:29:59Z'), exclusion('new', '2026-03-01T08:30:00Z')];
    const world = setUp();
    world.nvsep.entries.push(...entries);
    expect(await world.run()).toMatchObject({ listed: 2, accepted: 1 });
    const told = setUp({ reconcileFrom: '2019-01-01T00:00:00Z' });
    told.nvsep.entries.push(exclusion('ancient', '2019-01-01T00:00:00Z'), ...entries);
    expect(await told.run()).toMatchObject({ listed: 3, accepted: 3 });
    // Older than the ledger's window, and no replay: it stands in a list that was asked for.
    expect(told.quarantine.events).toEqual([]);
  });

  it('reads on from its cursor: the last page, and the one before it', async () => {
    const world = setUp();
    world.nvsep.entries.push(...ids(12).map((id) => exclusion(id)));
    expect(await world.run()).toMatchObject({ pages: 3, accepted: 12 });
    expect(world.cursor.state?.position).toBe('e1');
    world.requests.length = 0;
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', listed: 10, known: 10, accepted: 0 });
    expect(world.requests).toEqual([
      'GET /nvsep/api/cfs/v1/exclusions?sinceId=e1&limit=5',
      expect.stringMatching(/\?sinceId=e1&after=\w+&limit=5$/),
    ]);
  });

  it('does not skip an exclusion that comes while a page is read, wherever in it', async () => {
    for (let at = 0; at <= 10; at++) {
      const world = setUp();
      world.nvsep.entries.push(...ids(10).map((id) => exclusion(id)));
      let pages = 0;
      world.hooks.onRequest = () => {
        // The first page has been read; what comes now may stand in it.
        if (++pages === 2) world.nvsep.entries.splice(at, 0, exclusion('late'));
      };
      await world.run();
      await world.run();
      await world.process();
      expect(handledIds(world.handled).sort()).toEqual([...ids(10), 'late'].sort());
    }
  });

  it('leaves the cursor before what is not safe, and goes on behind it', async () => {
    const world = setUp();
    world.nvsep.entries.push(...ids(20).map((id) => exclusion(id)));
    const queue = {
      send: (event: Event) =>
        event.key === 'exclusion:e3' ? Promise.reject(new Error('down')) : world.queue.send(event),
    };
    expect(await world.run({ queue })).toMatchObject({ outcome: 'failed', accepted: 19, failed: 1 });
    expect(world.cursor.state?.position).toBeUndefined();
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', accepted: 1 });
    await world.process();
    expect(world.handled).toHaveLength(20);
  });

  it('puts aside what has no id, and counts it', async () => {
    const world = setUp();
    world.nvsep.entries.push({ createdAt: 'x' }, 7, exclusion('x1'), exclusion('x2', 'yesterday'));
    expect(await world.run()).toMatchObject({
      ...{ outcome: 'succeeded', accepted: 2, quarantined: 2 },
      malformed: { entry_without_id: 1, entry_not_object: 1 },
    });
    expect(await world.run()).toMatchObject({ known: 4, quarantined: 0 });
  });

  it('reads from the beginning where its place is gone, and processes nothing again', async () => {
    const world = setUp();
    world.nvsep.entries.push(...ids(12).map((id) => exclusion(id)));
    await world.run();
    await world.process();
    world.nvsep.entries.splice(1, 1);
    const report = await world.run();
    expect(report).toMatchObject({ faults: ['list_unknown_position'], known: 11, accepted: 0 });
    expect(world.cursor.state?.position).toBe('e0');
    expect(await world.run()).toMatchObject({ outcome: 'succeeded', known: 10 });
    expect(world.handled).toHaveLength(12);
  });

  it('does not move its cursor along a list that runs backwards', async () => {
    const world = setUp();
    world.nvsep.entries.push(
      ...ids(12).map((id, index) => exclusion(id, new Date(START + (12 - index) * 3_600_000).toISOString())),
    );
    expect(await world.run()).toMatchObject({ faults: ['list_unexpected_order'], accepted: 12 });
    expect(world.cursor.state?.position).toBeUndefined();
  });

  it('ends a list that repeats itself for ever', async () => {
    const world = setUp();
    world.nvsep.repeats = true;
    world.nvsep.entries.push(exclusion('x1'));
    expect(await world.run()).toMatchObject({ faults: ['list_repeated_page'], accepted: 1 });
  });
});

/** Every call that a poll makes, counted; after the n-th one nothing has an effect any more, as where the function dies. */
function dyingPorts({ parts }: World, lives: number) {
  let calls = 0;
  const guard = <Arguments extends unknown[], Value>(call: (...given: Arguments) => Promise<Value>) => {
    return async (...given: Arguments): Promise<Value> => {
      if (calls >= lives) throw new Error('dead');
      calls++;
      const value = await call(...given);
      if (calls >= lives) throw new Error('dead');
      return value;
    };
  };
  const guardAll = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? guard(member.bind(target) as () => Promise<unknown>) : member;
      },
    });
  const { ledger, queue, quarantine, cursor, http } = parts;
  const ports = {
    ...{ ledger: guardAll(ledger), queue: guardAll(queue), quarantine: guardAll(quarantine) },
    ...{ cursor: guardAll(cursor), http: guard(http) },
  };
  return { ports, died: () => calls >= lives };
}

describe.each(['optum', 'nvsep'] as const)('a poll of %s that dies', (name) => {
  it('after any call loses nothing and processes nothing twice', async () => {
    let points = 0;
    for (let lives = 0; ; lives++) {
      const world = setUpPoll(name, name === 'nvsep' ? { pageSize: 2 } : {});
      const subscription = world.optum.subscription(SUBSCRIPTION);
      for (const id of ids(5)) {
        if (name === 'optum') world.optum.miss(SUBSCRIPTION, optumEvent(id));
        else world.nvsep.entries.push(exclusion(id));
      }
      world.optum.missRaw(SUBSCRIPTION, { id: 'unreadable', eventPayload: '{' });
      subscription.isOpen = true;

      const { ports, died } = dyingPorts(world, lives);
      await world.run(ports);
      if (!died()) break;
      points++;
      await world.process();
      world.time.now += 300_000;
      expect(await world.run()).toMatchObject({ outcome: 'succeeded' });
      await world.process();

      expect(handledIds(world.handled).sort()).toEqual(ids(5));
      expect([...world.ledger.items.values()].every(({ status }) => status !== 'PENDING')).toBe(true);
      if (name === 'optum') {
        expect(subscription).toMatchObject({ listed: new Map(), isOpen: false });
        // A copy that was sent before the death and after it is the same to whoever looks.
        expect(new Set(world.quarantine.events.map(({ key }) => key)).size).toBe(1);
      }
    }
    expect(points).toBeGreaterThan(15);
  });
});
