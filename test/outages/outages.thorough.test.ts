import { describe, expect, it } from '@jest/globals';
import {
  ONLY_POISONED,
  ORDERED,
  OUTAGE_OF_30_HOURS,
  POISONED_EVENT,
  POISONED_KEY,
  QUIET,
  SEVERAL_NAMES,
} from './outages.ts';
import { missesOf } from './report.ts';
import { fiveTries, product } from './ways.ts';
import { live } from './world.ts';

const [MINUTE, HOUR] = [60_000, 3_600_000];

describe('an outage of 30 hours', () => {
  it('needs nobody with the defaults: a try a minute, no dead letter, and all is done within an hour', async () => {
    const outage = { ...OUTAGE_OF_30_HOURS, everyMs: 30_000 };
    const outcome = await live(outage, product());
    expect(outcome).toMatchObject({ deadLetters: 0, lost: 0, twice: 0 });
    expect(outcome.mostAMinute).toBe(1);
    expect(outcome.triesWhileDown).toBeLessThanOrEqual(30 * 60 + 60);
    const { triesWhileDown, spentWhileDown } = await live({ ...outage, everyMs: 120_000 }, product());
    expect([triesWhileDown <= 30 * 60, spentWhileDown < 60]).toEqual([true, true]);
    expect(outcome.spentWhileDown).toBeLessThan(60);
    expect(outcome.drainMs).toBeLessThan(HOUR);
    expect(outcome.mostReceives).toBeLessThan(200);
    // The comparison: the simulation shows the dead letters of a policy that makes some.
    expect((await live(outage, () => fiveTries())).deadLetters).toBeGreaterThan(1_000);
  });
});

describe.each([POISONED_EVENT, { ...POISONED_KEY, endsAt: HOUR }])('$name', (outage) => {
  it('holds up no other event', async () => {
    const { longestWaitMs, lost, twice } = await live(outage, product());
    expect([lost, twice]).toEqual([0, 0]);
    expect(longestWaitMs).toBeLessThan(2 * MINUTE);
  });
});

it('opens the breaker of a quiet source too, so that an outage of 30 hours needs nobody', async () => {
  const outcome = await live(QUIET, product());
  expect(missesOf(outcome)).toEqual([]);
  expect(outcome.spentWhileDown).toBeLessThan(40);
});

it('takes an outage under several names for one: a try a minute, and nobody is needed', async () => {
  const outcome = await live(SEVERAL_NAMES, product());
  expect(missesOf(outcome)).toEqual([]);
  expect([outcome.mostAMinute, outcome.deadLetters]).toEqual([1, 0]);
});

it('leaves no dead letter of an ordered source either, however often the first of a line is probed', async () => {
  const outcome = await live(ORDERED, product(ORDERED));
  expect(missesOf(outcome)).toEqual([]);
  expect(outcome).toMatchObject({ deadLetters: 0, mostAMinute: 1 });
});

it('lets good events through soon, however many poisoned ones keep the breaker open', async () => {
  const outcome = await live(ONLY_POISONED, product());
  expect(missesOf(outcome)).toEqual([]);
  expect(outcome.longestWaitMs).toBeLessThan(10 * MINUTE);
});

it('is judged: what is lost, twice, left to a person or too slow is a miss', async () => {
  expect(missesOf(await live({ ...OUTAGE_OF_30_HOURS, everyMs: 120_000 }, () => fiveTries()))).toEqual([
    expect.stringMatching(/^\d+ dead letters wait for a person$/),
  ]);
});
