import { describe, expect, it } from '@jest/globals';
import { HttpFault } from '../../../../lambdas/core/http/http.ts';
import type { HttpResponse } from '../../../../lambdas/core/http/http.ts';
import { setUpPoll } from './fixtures.ts';

const ID = 'subscription-fhir';
const DAY = 86_400_000;

type Refusal = () => HttpResponse;
const answer = (status: number, body: string): HttpResponse => ({ status, headers: new Map(), body });
const failing: Refusal = () => answer(500, '');
const DEEP = '['.repeat(2000) + ']'.repeat(2000);

/** A Subscription with so many lost events, whose server refuses a call that `refuses` some of the numbers that it asks for. */
function setUp(events: number, refusal: Refusal, isRefused: (number: number, call: number) => boolean) {
  const world = setUpPoll('fhir');
  world.fhir.subscription(ID).happen(events);
  const state = { calls: 0, isRefused };
  const { http } = world.parts;
  const refusing: typeof http = (request) => {
    const [, from, to] = /eventsSinceNumber=(\d+)&eventsUntilNumber=(\d+)/.exec(request.url) ?? [];
    if (from === undefined || to === undefined) return http(request);
    const call = ++state.calls;
    for (let number = Number(from); number <= Number(to); number++)
      if (state.isRefused(number, call))
        return new Promise((resolve) => {
          resolve(refusal());
        });
    return http(request);
  };
  const keys = (): number[] =>
    world.queue.events.map(({ key }) => Number(key.replace(`${ID}/`, ''))).sort((a, b) => a - b);
  return { world, state, keys, poll: () => world.run({ http: refusing }, { maxPages: 200 }) };
}

const upTo = (last: number, ...without: number[]): number[] =>
  Array.from({ length: last }, (_, index) => index + 1).filter((number) => !without.includes(number));

describe('a number that the server refuses', () => {
  it.each<[string, Refusal, string]>([
    ['500', failing, 'events_http_500'],
    ['a text that is not JSON', () => answer(200, '<html>'), 'events_not_json'],
    ['another resource', () => answer(200, '{"resourceType":"Patient"}'), 'events_not_a_bundle'],
    ['a resource that nests deep', () => answer(200, `{"resourceType":"Bundle","entry":${DEEP}}`), 'events_too_deep'],
    ['400 although it answers for others', () => answer(400, ''), 'events_not_supported'],
    [
      'an answer that is too large',
      () => {
        throw new HttpFault('too_large');
      },
      'events_too_large',
    ],
    [
      'no answer in time',
      () => {
        throw new HttpFault('timeout');
      },
      'events_timeout',
    ],
  ])(
    'with %s is told, waited for and written off, and keeps no other from being fetched',
    async (what, refusal, fault) => {
      const bad = what.startsWith('400') ? 25 : 5;
      const { world, poll, keys } = setUp(45, refusal, (number) => number === bad);
      const gaps = [{ from: String(bad), to: String(bad), isTold: true }];
      expect(await poll()).toMatchObject({ faults: [fault], subscriptions: [{ told: 1, gaps, canRecover: true }] });
      expect(keys()).toEqual(upTo(45, bad));
      world.fhir.subscription(ID).happen(1);
      expect(await poll()).toMatchObject({ outcome: 'succeeded', subscriptions: [{ told: 0, gaps }] });
      expect(keys()).toEqual(upTo(46, bad));
      world.time.now += DAY;
      expect(await poll()).toMatchObject({ subscriptions: [{ givenUp: 1, contiguous: '46', gaps: [] }] });
    },
  );

  it('is told although nothing else is missing: the server answers for a number that is known', async () => {
    const { world, state, poll } = setUp(3, failing, () => false);
    await poll();
    state.isRefused = (number) => number === 4;
    world.fhir.subscription(ID).happen(1);
    expect(await poll()).toMatchObject({ subscriptions: [{ told: 1, gaps: [{ from: '4', to: '4', isTold: true }] }] });
  });

  it('may be one of many in a row', async () => {
    const { state, poll, keys } = setUp(90, failing, (number) => number > 3 && number <= 43);
    await poll();
    expect(await poll()).toMatchObject({
      outcome: 'succeeded',
      subscriptions: [{ gaps: [{ from: '4', to: '43', isTold: true }] }],
    });
    expect(keys()).toEqual([1, 2, 3, ...upTo(90).slice(43)]);
    state.isRefused = () => false;
    await poll();
    expect(keys()).toEqual(upTo(90));
  });
});

describe('a server that is out of order', () => {
  it.each([
    ['from the first call on', 1],
    ['from the second call on', 2],
  ])('tells of nothing, and is left alone soon: %s', async (_what, first) => {
    const { world, state, poll, keys } = setUp(3, failing, () => false);
    await poll();
    const before = state.calls;
    state.isRefused = (_number, call) => call >= before + first;
    world.fhir.subscription(ID).happen(300);
    expect(await poll()).toMatchObject({
      outcome: 'failed',
      faults: ['events_http_500'],
      subscriptions: [{ told: 0 }],
    });
    expect(state.calls - before).toBeLessThanOrEqual(12);
    world.time.now += 2 * DAY;
    expect(await poll()).toMatchObject({ subscriptions: [{ told: 0, givenUp: 0 }] });
    state.isRefused = () => false;
    await poll();
    expect(keys()).toEqual(upTo(303));
  });

  it('for longer than a number is waited for has no number written off that it refuses once afterwards', async () => {
    const { world, state, poll, keys } = setUp(3, failing, () => false);
    await poll();
    state.isRefused = () => true;
    world.fhir.subscription(ID).happen(1);
    await poll();
    world.time.now += 2 * DAY;
    state.isRefused = (number) => number === 4;
    expect(await poll()).toMatchObject({ subscriptions: [{ told: 1, givenUp: 0 }] });
    state.isRefused = () => false;
    await poll();
    expect(keys()).toEqual(upTo(4));
  });

  it('has no number written off that it did not give before', async () => {
    const { world, state, poll, keys } = setUp(3, failing, () => false);
    await poll();
    state.isRefused = (number) => number === 4;
    world.fhir.subscription(ID).happen(1);
    expect(await poll()).toMatchObject({ subscriptions: [{ told: 1 }] });
    state.isRefused = () => true;
    world.time.now += 2 * DAY;
    expect(await poll()).toMatchObject({ subscriptions: [{ givenUp: 0 }] });
    state.isRefused = () => false;
    await poll();
    expect(keys()).toEqual(upTo(4));
  });

  it('that sends its callers away is not asked again', async () => {
    const { state, poll } = setUp(
      60,
      () => answer(429, ''),
      () => true,
    );
    expect(await poll()).toMatchObject({ faults: ['events_http_429'], subscriptions: [{ told: 0 }] });
    expect(state.calls).toBe(1);
  });
});
