import { describe, expect, it } from '@jest/globals';
import { accept } from '../../../../lambdas/core/accept.ts';
import { identify } from '../../../../lambdas/core/receive/identify.ts';
import type { Event } from '../../../../lambdas/core/event.ts';
import { FhirSettings } from '../../../../local/fake-providers/fhir/subscription.ts';
import { signed, verified } from '../../providers/deliveries.ts';
import { example } from '../../providers/fhir/notifications.ts';
import { setUpPoll } from './fixtures.ts';
import type { World } from './fixtures.ts';

const HOUR = 3_600_000;
const ID = 'subscription-fhir';

function setUp(options = {}, settings: Partial<FhirSettings> = {}) {
  const world = setUpPoll('fhir', options);
  const server = world.fhir.subscription(ID);
  server.settings = FhirSettings.parse(settings);
  return { ...world, server };
}

/** Has the gateway receive a notification with these numbers. */
async function receive(world: World & { server: ReturnType<World['fhir']['subscription']> }, ...numbers: number[]) {
  for (const number of numbers) {
    const events = world.server.events.filter((event) => event.number === number);
    const text = world.server.notification('event-notification', events);
    await accept(eventOf(world, text), { ...world.parts, observer: world.observer });
  }
}

const eventOf = ({ source, time }: World, text: string): Event =>
  identify(verified(signed(source.provider, text, { headers: {} }), new Date(time.now)), source);

const keys = ({ queue }: World): string[] => queue.events.map(({ key }) => key.replace(`${ID}/`, ''));
const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const asked = ({ requests }: World): string[] => requests.filter((request) => request.includes('$events'));

describe('a gap', () => {
  it('is found by the count, and filled: no call is made for what came by itself', async () => {
    const world = setUp();
    world.server.happen(6);
    await receive(world, 1, 2, 5);
    world.queue.events.length = 0;
    const report = await world.run();
    expect(keys(world)).toEqual(['3', '4', '6']);
    expect(asked(world)).toEqual([
      expect.stringContaining('eventsSinceNumber=3&eventsUntilNumber=4&content=id-only'),
      expect.stringContaining('eventsSinceNumber=6&eventsUntilNumber=6&content=id-only'),
    ]);
    expect(report).toMatchObject({
      ...{ outcome: 'succeeded', accepted: 3 },
      subscriptions: [{ subscription: ID, count: '6', contiguous: '6', gaps: [], writtenOff: [], told: 0 }],
    });
    expect(world.queue.events[0]).toMatchObject({
      via: 'poll',
      contentType: 'application/fhir+json',
      type: 'admission',
    });
    await world.run();
    expect(asked(world)).toHaveLength(2);
  });

  it.each(['r4', 'r4b', 'r5'] as const)('is filled in %s, in windows', async (format) => {
    const world = setUp({}, { format });
    world.server.happen(50);
    await world.run();
    expect(keys(world)).toEqual(numbers(1, 50));
    expect(asked(world)).toHaveLength(3);
  });

  it('is not what has come since: the same number both ways is processed once', async () => {
    const world = setUp();
    world.server.happen(3);
    world.hooks.onRequest = ({ url }) => {
      // While the server answers, the event arrives.
      if (url.pathname.endsWith('$events')) void receive(world, 2);
    };
    await world.run();
    await world.process();
    expect(world.handled).toHaveLength(3);
    await receive(world, 1, 2, 3);
    expect(world.observer.seen).not.toContain('conflict');
    await world.process();
    expect(world.handled).toHaveLength(3);
  });

  it('begins where the gateway first heard of the Subscription, not at its beginning', async () => {
    const world = setUp({ fromNumber: undefined });
    world.server.happen(10);
    world.heard.push({ subscription: ID, type: 'handshake', isFailing: false, at: '2026-03-01T09:00:00Z', from: '7' });
    const report = await world.run();
    expect(keys(world)).toEqual(['8', '9', '10']);
    expect(report.subscriptions).toMatchObject([
      { lastNotification: { type: 'handshake', at: '2026-03-01T09:00:00Z' } },
    ]);
  });

  it('is as large as the server says, whatever count a delivery has stated', async () => {
    const world = setUp();
    world.server.happen(2);
    const at = '2026-03-01T09:00:00Z';
    world.heard.push({ subscription: ID, type: 'heartbeat', isFailing: false, at, count: String(10n ** 18n) });
    const report = await world.run();
    expect(keys(world)).toEqual(['1', '2']);
    expect(report.subscriptions).toMatchObject([{ count: '2', contiguous: '2', gaps: [] }]);
  });

  it('of a Subscription that was never heard of is none', async () => {
    const world = setUp({ fromNumber: undefined });
    world.server.happen(10);
    await world.run();
    world.server.happen(1);
    await world.run();
    expect(keys(world)).toEqual(['11']);
  });

  it('of each Subscription that was heard of is filled, if the source states none', async () => {
    const world = setUp({ watch: undefined });
    for (const id of ['a', 'b']) {
      world.fhir.subscription(id).happen(2);
      world.heard.push({ subscription: id, type: 'heartbeat', isFailing: false, at: '2026-03-01T09:00:00Z' });
    }
    await world.run();
    expect(world.queue.events.map(({ key }) => key)).toEqual(['a/1', 'a/2', 'b/1', 'b/2']);
  });
});

describe('what the server answers', () => {
  it('may be the latest 20, whatever it was asked for: no other number is taken', async () => {
    const world = setUp({}, { ignoresBounds: true });
    world.server.happen(60);
    await receive(world, ...numbers(31, 60).map(Number));
    world.queue.events.length = 0;
    const report = await world.run();
    expect(keys(world)).toEqual([]);
    expect(report.subscriptions).toMatchObject([
      { contiguous: '0', told: 30, gaps: [{ from: '1', to: '30', isTold: true }] },
    ]);
  });

  it('may be a limited history: the rest is told once, waited for, and written off, and later numbers go on', async () => {
    const world = setUp({}, { historyLimit: 5 });
    world.server.happen(12);
    expect((await world.run()).subscriptions).toMatchObject([{ told: 7, contiguous: '0', givenUp: 0 }]);
    expect(keys(world)).toEqual(numbers(8, 12));
    expect((await world.run()).subscriptions).toMatchObject([{ told: 0, givenUp: 0 }]);
    world.time.now += 24 * HOUR;
    world.server.happen(1);
    const report = await world.run();
    expect(report).toMatchObject({
      outcome: 'succeeded',
      subscriptions: [{ contiguous: '13', givenUp: 7, writtenOff: [{ from: '1', to: '7' }], gaps: [] }],
    });
    expect((await world.run()).subscriptions).toMatchObject([{ givenUp: 0, writtenOff: [{ from: '1', to: '7' }] }]);
  });

  it('may come by itself before it is written off', async () => {
    const world = setUp({}, { historyLimit: 0 });
    world.server.happen(2);
    await world.run();
    await receive(world, 1, 2);
    expect((await world.run()).subscriptions).toMatchObject([{ contiguous: '2', gaps: [] }]);
  });

  it('may be less than a window: the rest is asked for one by one', async () => {
    const world = setUp();
    world.server.happen(6);
    const whole = world.server.history.bind(world.server);
    world.server.history = (from, to) => whole(from, to).slice(-2);
    await world.run();
    expect(keys(world).sort()).toEqual(numbers(1, 6));
  });

  it('may be of another Subscription, in any order, with the content ignored', async () => {
    const world = setUp({ content: 'full-resource' });
    world.server.happen(3);
    const whole = world.server.history.bind(world.server);
    world.server.history = (from, to) => [...whole(from, to)].reverse();
    await world.run();
    expect(keys(world).sort()).toEqual(['1', '2', '3']);
    const other = setUp();
    other.server.happen(1);
    const another = other.fhir.subscription('another');
    other.server.notification = (type, events) => another.notification(type, events);
    await other.run();
    expect(other.queue.events).toEqual([]);
  });

  it('may be that it does not know the operation: told apart from a failure', async () => {
    const world = setUp({}, { hasEvents: false });
    world.server.happen(3);
    const report = await world.run();
    expect(report).toMatchObject({ outcome: 'succeeded', subscriptions: [{ canRecover: false, told: 3 }] });
    expect((await world.run()).subscriptions).toMatchObject([{ told: 0 }]);
    world.time.now += 24 * HOUR;
    expect((await world.run()).subscriptions).toMatchObject([{ givenUp: 3, contiguous: '3' }]);
  });

  it.each([400, 404, 405, 501])('may be %i for an operation that it does not know', async (status) => {
    const world = setUp();
    world.server.happen(2);
    const report = await world.run({ http: failing(world, '$events', status) });
    expect(report).toMatchObject({ outcome: 'succeeded', subscriptions: [{ canRecover: false, told: 2 }] });
  });

  it('may be 500 with an OperationOutcome that says not-supported', async () => {
    const world = setUp();
    world.server.happen(2);
    const { http } = world.parts;
    const body = '{"resourceType":"OperationOutcome","issue":[{"code":"not-supported"}]}';
    const report = await world.run({
      http: (request) =>
        request.url.includes('$events') ? Promise.resolve({ status: 500, headers: new Map(), body }) : http(request),
    });
    expect(report).toMatchObject({ outcome: 'succeeded', subscriptions: [{ canRecover: false }] });
  });

  it('to $status may have no count: the latest of the deliveries is taken', async () => {
    const world = setUp();
    world.server.happen(3);
    const at = '2026-03-01T09:00:00Z';
    world.heard.push({ subscription: ID, type: 'heartbeat', isFailing: false, at, count: '2' });
    const { http } = world.parts;
    const countless: typeof http = async (request) => {
      const answer = await http(request);
      const body = answer.body.replace('events-since-subscription-start', 'something-else');
      return request.url.endsWith('$status') ? { ...answer, body } : answer;
    };
    await world.run({ http: countless });
    expect(keys(world)).toEqual(['1', '2']);
    world.heard.length = 0;
    expect(await world.run({ http: countless })).toMatchObject({ outcome: 'succeeded', faults: [] });
  });

  it('without $status is what the deliveries said', async () => {
    const world = setUp({}, { hasStatus: false });
    world.server.happen(3);
    world.heard.push({ subscription: ID, type: 'heartbeat', isFailing: false, at: '2026-03-01T09:00:00Z', count: '2' });
    await world.run();
    expect(keys(world)).toEqual(['1', '2']);
  });

  it.each([
    [
      'several statuses',
      (body: string) => body.replace('"entry":[', `"entry":[{"resource":${JSON.stringify(statusOf('other', 90))}},`),
    ],
    ['JSON numbers', (body: string) => body.replace('"valueString":"3"', '"valueString":3')],
    ['a history', (body: string) => body.replace('"type":"searchset"', '"type":"history"')],
    ['the status alone', () => JSON.stringify(statusOf(ID, 3))],
  ])('to $status may be %s', async (_what, change) => {
    const world = setUp();
    world.server.happen(3);
    const { http } = world.parts;
    await world.run({
      http: async (request) => {
        const answer = await http(request);
        return request.url.endsWith('$status') ? { ...answer, body: change(answer.body) } : answer;
      },
    });
    expect(keys(world)).toEqual(['1', '2', '3']);
  });

  it.each([
    [503, 'status_http_503'],
    [302, 'status_http_302'],
  ])('of %i is a failure, and nothing moves', async (status, fault) => {
    const world = setUp();
    world.server.happen(3);
    const http = failing(world, '$status', status);
    expect(await world.run({ http })).toMatchObject({ outcome: 'failed', faults: [fault] });
    expect(keys(world)).toEqual([]);
    await world.run();
    expect(keys(world)).toEqual(['1', '2', '3']);
  });

  it('of 500 to $events tells of nothing: nobody knows what the server has', async () => {
    const world = setUp();
    world.server.happen(3);
    const report = await world.run({ http: failing(world, '$events', 500) });
    expect(report).toMatchObject({ outcome: 'failed', faults: ['events_http_500'], subscriptions: [{ told: 0 }] });
    expect(JSON.stringify([report, world.observer.seen])).not.toContain('not for a log');
  });

  it('that the Subscription is gone is said, in every poll, by two calls', async () => {
    const world = setUp();
    world.server.happen(3);
    world.fhir.deleted.add(ID);
    expect(await world.run()).toMatchObject({ outcome: 'failed', faults: ['status_gone'] });
    expect(world.requests.filter((request) => request.includes('Subscription'))).toHaveLength(2);
  });

  it('names links and other hosts: none is called', async () => {
    const world = setUp();
    world.server.happen(1);
    const { http } = world.parts;
    const hosts = new Set<string>();
    await world.run({
      http: async (request) => {
        hosts.add(new URL(request.url).host);
        const answer = await http(request);
        const link = '"link":[{"relation":"next","url":"https://evil.example/next"}],"entry":[';
        return { ...answer, body: answer.body.replace('"entry":[', link) };
      },
    });
    expect([...hosts]).toEqual(['api.example.com']);
    expect(keys(world)).toEqual(['1']);
  });
});

it('leaves nothing about a patient in a report, a metric or an error: no focus, query, link or diagnostics', async () => {
  const world = setUp({}, { historyLimit: 1 });
  world.server.happen(2);
  const { http } = world.parts;
  const related = { name: 'related-query', part: [{ name: 'query', valueString: 'Observation?patient=patient-9' }] };
  const link = [{ relation: 'next', url: 'https://api.example.com/fhir?patient=patient-9' }];
  const talkative: typeof http = async (request) => {
    const answer = await http(request);
    const bundle = JSON.parse(answer.body) as { entry?: { resource: { parameter: unknown[] } }[]; link?: unknown };
    if (bundle.entry === undefined) return answer;
    for (const { resource } of bundle.entry) resource.parameter.push(related);
    return { ...answer, body: JSON.stringify({ ...bundle, link }) };
  };
  await world.run({ http: talkative });
  expect(keys(world)).toEqual(['2']);
  for (const path of ['$status', '$events', 'token'])
    for (const status of [400, 403, 422, 500]) await world.run({ http: failing(world, path, status) });
  await world.run({ http: () => Promise.reject(new Error('https://api.example.com/Encounter?patient=patient-9')) });
  const said = JSON.stringify([world.reports, world.observer.seen, world.cursor.state]);
  expect(said).toContain('events_http_403');
  expect(said).not.toMatch(/patient-9|Encounter|not for a log|api\.example/);
});

/** A status resource. */
const statusOf = (subscription: string, count: number) => ({
  ...{ resourceType: 'SubscriptionStatus', type: 'query-status', status: 'active' },
  ...{ eventsSinceSubscriptionStart: String(count), subscription: { reference: `Subscription/${subscription}` } },
});

const failing =
  ({ parts: { http } }: World, path: string, status: number): typeof http =>
  async (request) =>
    request.url.includes(path)
      ? {
          status,
          headers: new Map(),
          body: '{"resourceType":"OperationOutcome","issue":[{"diagnostics":"not for a log"}]}',
        }
      : http(request);

describe('counting', () => {
  it('that begins again is said, and what is kept stays', async () => {
    const world = setUp();
    world.server.happen(5);
    await world.run();
    world.server.reset();
    world.server.happen(2);
    const report = await world.run();
    expect(report).toMatchObject({ outcome: 'failed', faults: ['numbers_reset'] });
    expect(report.subscriptions).toMatchObject([{ contiguous: '5', count: '2' }]);
  });

  it('that has begun again makes conflicts, which are not taken for known', async () => {
    const world = setUp();
    world.server.happen(1);
    await receive(world, 1);
    world.server.reset();
    world.server.happen(2);
    // The poller fetched number 2; and number 1 comes by delivery.
    await world.run();
    await receive(world, 1);
    expect(world.observer.seen.filter((seen) => seen === 'conflict')).toHaveLength(1);
    expect(world.quarantine.events).toMatchObject([{ quarantine: 'conflict' }]);
  });

  it('that has begun again is a conflict too if the poller finds the number, which is not taken for known', async () => {
    const world = setUp();
    world.server.happen(1);
    // It was claimed, and has not reached its queue: the poller asks for it again.
    const down = { send: () => Promise.reject(new Error('down')) };
    const [event] = world.server.events;
    if (!event) throw new Error('an event');
    const text = world.server.notification('event-notification', [event]);
    const ports = { ...world.parts, queue: down, observer: world.observer };
    await expect(accept(eventOf(world, text), ports)).rejects.toThrow('down');
    world.server.reset();
    world.server.happen(1);
    await world.run();
    expect(world.observer.seen.filter((seen) => seen === 'conflict')).toHaveLength(1);
    expect(world.quarantine.events).toMatchObject([{ quarantine: 'conflict', via: 'poll' }]);
  });

  it('that a PUT has reset is said by the next poll', async () => {
    const world = setUp({ reactivate: 'put' }, { status: 'error' });
    world.server.happen(4);
    world.fhir.onReactivated = (subscription) => subscription.reset();
    expect(await world.run()).toMatchObject({ reopened: true, accepted: 4 });
    expect(await world.run()).toMatchObject({ outcome: 'failed', faults: ['numbers_reset'] });
  });

  it('goes on in another generation', async () => {
    const before = setUp();
    before.server.happen(1);
    await before.run();
    const after = setUp({ generation: 'b' });
    after.server.happen(1);
    await after.run();
    expect(after.queue.events[0]?.key).toBe(`b:${ID}/1`);
  });

  it('of 10^18 is not walked: a poll looks at as many numbers as it may, and asks as often as it may', async () => {
    const world = setUp();
    const { http } = world.parts;
    const vast: typeof http = async (request) => {
      const answer = await http(request);
      return request.url.endsWith('$status')
        ? { ...answer, body: JSON.stringify(statusOf(ID, 0)).replace('"0"', '"1000000000000000000"') }
        : answer;
    };
    const report = await world.run({ http: vast }, { maxEvents: 100, maxPages: 4 });
    expect(report.subscriptions).toMatchObject([{ count: '1000000000000000000', gaps: expect.anything() }]);
    expect(asked(world)).toHaveLength(4);
    expect(JSON.stringify(world.cursor.state).length).toBeLessThan(2000);
  });

  it('of a server of another dialect is not followed', async () => {
    const world = setUp({ dialect: 'bundle-id' });
    expect(await world.run()).toMatchObject({ outcome: 'failed', faults: ['numbers_of_another_dialect'] });
  });

  it('after an outage beyond the memory of the ledger is told, and nothing is processed again', async () => {
    const world = setUp();
    world.server.happen(3);
    await world.run();
    await world.process();
    world.time.now += 366 * 24 * HOUR;
    world.ledger.items.clear();
    world.server.happen(2);
    const report = await world.run();
    expect(asked(world)).toHaveLength(1);
    expect(world.queue.events).toEqual([]);
    expect(report.subscriptions).toMatchObject([{ told: 2, givenUp: 2, writtenOff: [{ from: '4', to: '5' }] }]);
  });
});

describe('a Subscription in error', () => {
  it('is filled first, counted, and left alone unless the source says otherwise', async () => {
    const world = setUp({}, { status: 'error' });
    world.server.happen(2);
    expect(await world.run()).toMatchObject({ accepted: 2, failing: 1, reopened: false });
    expect(world.requests.some((request) => /^(PUT|PATCH)/.test(request))).toBe(false);
  });

  it.each(['put', 'patch'])('is turned on again by a %s', async (reactivate) => {
    const world = setUp({ reactivate }, { status: 'error' });
    expect(await world.run()).toMatchObject({ reopened: true, outcome: 'succeeded' });
    expect(world.server.settings.status).toBe('active');
  });

  it('loses to a change of somebody else, and is not tried in every poll', async () => {
    const world = setUp({ reactivate: 'put' }, { status: 'error' });
    world.hooks.onRequest = ({ method }) => {
      if (method === 'PUT') world.server.version++;
    };
    expect(await world.run()).toMatchObject({ faults: ['reactivate_http_412'] });
    await world.run();
    expect(world.requests.filter((request) => request.startsWith('PUT'))).toHaveLength(1);
  });

  it('is not written with a mask for its token', async () => {
    const world = setUp({ reactivate: 'put' }, { status: 'error' });
    const { http } = world.parts;
    const masking: typeof http = async (request) => {
      const answer = await http(request);
      const isRead = request.method === 'GET' && request.url.endsWith(ID);
      return isRead
        ? { ...answer, body: answer.body.replace('{', '{"channel":{"header":["Authorization: ****"]},') }
        : answer;
    };
    expect(await world.run({ http: masking })).toMatchObject({ faults: ['reactivate_headers_masked'] });
  });

  it.each(['off', 'requested'] as const)('is not what a Subscription is that is %s', async (status) => {
    const world = setUp({ reactivate: 'put' }, { status });
    expect(await world.run()).toMatchObject({ reopened: false, failing: status === 'off' ? 1 : 0 });
    expect(world.requests.some((request) => request.startsWith('PUT'))).toBe(false);
  });

  it('that is never turned on is said after an hour, until it is', async () => {
    const world = setUp({}, { status: 'requested' });
    expect(await world.run()).toMatchObject({ outcome: 'succeeded' });
    world.time.now += HOUR;
    expect(await world.run()).toMatchObject({ outcome: 'failed', faults: ['subscription_still_requested'] });
    expect(await world.run()).toMatchObject({ faults: ['subscription_still_requested'] });
    world.server.settings = { ...world.server.settings, status: 'active' };
    expect(await world.run()).toMatchObject({ outcome: 'succeeded' });
    world.server.settings = { ...world.server.settings, status: 'requested' };
    expect(await world.run()).toMatchObject({ outcome: 'succeeded' });
  });

  it('is not turned on while this side fails', async () => {
    const world = setUp({ reactivate: 'put' }, { status: 'error' });
    world.server.happen(1);
    const queue = { send: () => Promise.reject(new Error('down')) };
    expect(await world.run({ queue })).toMatchObject({ reopened: false, failed: 1 });
  });
});

const PERIOD = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-heartbeat-period';

it.each([
  ['kept, in R4', { channel: { extension: [{ url: PERIOD, valueUnsignedInt: 60 }] } }, []],
  ['kept, in R5', { heartbeatPeriod: 60 }, []],
  ['lowered', { channel: { extension: [{ url: PERIOD, valueUnsignedInt: 30 }] } }, ['heartbeat_another_period']],
  ['raised', { heartbeatPeriod: 600 }, ['heartbeat_another_period']],
  ['dropped', {}, ['heartbeat_another_period']],
])('says if the heartbeat is another than the alarm counts on: %s', async (_what, stated, faults) => {
  const world = setUp({ heartbeatSeconds: 60 });
  const { http } = world.parts;
  const report = await world.run({
    http: async (request) => {
      const answer = await http(request);
      if (!request.url.endsWith(ID)) return answer;
      return { ...answer, body: JSON.stringify({ ...(JSON.parse(answer.body) as object), ...stated }) };
    },
  });
  expect(report.faults).toEqual(faults);
});

it('reads the official answers to $status and $events', async () => {
  const world = setUp({ subscription: '123', fromNumber: 307 });
  const { http } = world.parts;
  await world.run({
    http: (request) => {
      const name = request.url.includes('$status') ? 'query-status' : 'query-event';
      if (!request.url.includes('Subscription/')) return http(request);
      return Promise.resolve({ status: 200, headers: new Map(), body: example(`r5/${name}`) });
    },
  });
  expect(world.queue.events.map(({ key }) => key)).toEqual(['123/307', '123/308']);
});
