import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  afterProbe,
  CLOSED,
  judge,
  PROBE_MS,
  RAMP_MS,
  SLOW_MS,
  takeProbe,
} from '../../../../lambdas/core/process/breaker.ts';
import type { BreakerState } from '../../../../lambdas/core/process/breaker.ts';
import { flowOf, holdSeconds, slotMs, together } from '../../../../lambdas/core/process/flow.ts';
import type { Flow } from '../../../../lambdas/core/process/flow.ts';
import { isOutOfTime } from '../../../../lambdas/core/process/retry.ts';
import { kindOf } from '../../../../lambdas/core/process/tries-window.ts';
import { MAX_RECEIVES } from '../../../../lib/constructs/queue-times.ts';
import { seeded } from '../../../soak/random.ts';

const T = 1_700_000_000_000;
const failing = (count: number, { events = count, kind = 'unreachable', first = 0 } = {}) =>
  Array.from({ length: count }, (_, index) => ({ kind, event: `m${first + (index % events)}` }));
const report = (successes: number, failures = 0, more = {}) => ({ successes, failures: failing(failures, more) });

/** An outage that begins at T: the phases of a source whose tries all fail, told every second. */
function outage(): BreakerState {
  let state = judge(CLOSED, report(0, 10), T);
  expect(state).toMatchObject({ phase: 'slow', kind: 'unreachable' });
  for (let second = 1; second * 1000 < SLOW_MS; second++) {
    state = judge(state, report(0, 1), T + second * 1000);
    expect(state.phase).toBe('slow');
  }
  return judge(state, report(0, 1), T + SLOW_MS);
}

describe('the breaker', () => {
  it('slows a source most of whose tries fail, and then opens', () => {
    expect(outage()).toMatchObject({
      phase: 'open',
      since: T + SLOW_MS,
      outageSince: T,
      probeAt: T + SLOW_MS + PROBE_MS,
    });
  });

  it.each<[string, BreakerState]>([
    ['few failures', judge(CLOSED, report(0, 9), T)],
    ['one poisoned event, again and again', judge(CLOSED, report(0, 50, { events: 1 }), T)],
    ['failures among as many successes', judge(CLOSED, report(50, 50), T)],
    ['failures of several kinds', judge(judge(CLOSED, report(0, 9), T), report(0, 9, { kind: 'TypeError' }), T)],
    ['failures that are long past', judge(judge(CLOSED, report(0, 9), T), report(0, 9), T + 3_600_000)],
    ['failures before a success', judge(judge(CLOSED, report(1, 9), T), report(0, 9), T + 60_000)],
  ])('stays closed for %s', (_what, state) => expect(state.phase).toBe('closed'));

  it('opens at once if a source with few events has had no success for a while', () => {
    const state = [0, 60, 600].reduce((seen, at) => judge(seen, report(0, 4, { first: at }), T + at * 1000), CLOSED);
    expect(state).toMatchObject({ phase: 'open', outageSince: T });
  });

  it('opens if a source with two events an hour has had no success for half of it, and not for one event alone', () => {
    const after = (events: number) =>
      [0, 30, 600, 1_800].reduce(
        (seen, at) => judge(seen, report(0, 2, { events, first: events === 1 ? 0 : at % 2 }), T + at * 1000),
        CLOSED,
      );
    expect(after(2)).toMatchObject({ phase: 'open', outageSince: T });
    expect(after(1).phase).toBe('closed');
    expect(judge(after(1), report(1, 1, { first: 3 }), T + 1_900_000).phase).toBe('closed');
  });

  it('opens for several kinds of reasons if nothing succeeds for half a minute, and not for a few events', () => {
    const kinds = ['TypeError', 'Error', 'QueryFailedError'];
    const after = (seconds: number, events: number, successes = 0) =>
      Array.from({ length: seconds + 1 }, (_, second) => second).reduce((state, second) => {
        const [failure] = failing(1, { kind: kinds[second % 3] ?? '', first: second % events });
        const told = { successes: second % 10 === 9 ? successes : 0, failures: failure ? [failure] : [] };
        return judge(state, told, T + second * 1000);
      }, CLOSED);
    expect(after(29, 30).phase).toBe('closed');
    expect(after(30, 30)).toMatchObject({ phase: 'open', outageSince: T });
    // Poisoned events among others that succeed, however few, and four of them alone.
    expect(after(120, 30, 1).phase).toBe('closed');
    expect(after(120, 4).phase).toBe('closed');
  });

  it('opens after a slow phase in which nothing succeeds for several reasons', () => {
    let state = judge(CLOSED, report(0, 10), T);
    for (let second = 1; second <= SLOW_MS / 1000; second++) {
      expect(state.phase).toBe('slow');
      state = judge(state, report(0, 1, { kind: `Error${second % 3}`, first: second }), T + second * 1000);
    }
    expect(state.phase).toBe('open');
  });

  it('counts the failures of an error that is named like a property of every object', () => {
    const state = judge(CLOSED, report(0, 10, { kind: 'constructor' }), T);
    expect(state).toMatchObject({ phase: 'slow', kind: 'constructor' });
    expect(judge(CLOSED, report(0, 2, { kind: '__proto__' }), T).window.failures).toEqual(
      JSON.parse('{"__proto__":2}'),
    );
  });

  it('goes back to closed if the others say that their tries succeed', () => {
    const slow = judge(CLOSED, report(0, 20), T);
    expect(judge(slow, report(30, 5), T + 5_000)).toMatchObject({ phase: 'closed' });
    expect(flowOf({ state: slow }, {}, T + 600_001)).toEqual({ is: 'free' });
  });

  it('has one probe at a time, one a minute, and closes when one succeeds', () => {
    const open = outage();
    const due = open.probeAt ?? 0;
    expect(takeProbe(open, due - 1, 40_000)).toBeUndefined();
    const taken = takeProbe(open, due, 40_000);
    expect(taken).toMatchObject({ phase: 'open', probeAt: due + PROBE_MS });
    expect(takeProbe(taken ?? open, due + PROBE_MS - 1, 40_000)).toBeUndefined();
    expect(takeProbe(open, due, 90_000)?.probeAt).toBe(due + 90_000);
    expect(afterProbe(open, false, due)).toBe(open);
    expect(judge(open, report(100), due)).toBe(open);
    const closed = afterProbe(open, true, due);
    expect(closed).toMatchObject({ phase: 'closed', recoveredAt: due, outageSince: T });
    expect(closed).not.toHaveProperty('kind');
  });

  it('opens at once again if what flows back fails, and takes it for the same outage', () => {
    const open = outage();
    const closed = afterProbe(open, true, T + 3_600_000);
    expect(judge(closed, report(1, 4), T + 3_605_000).phase).toBe('closed');
    expect(judge(closed, report(1, 5), T + 3_605_000)).toMatchObject({ phase: 'open', outageSince: T });
    expect(judge(closed, report(1, 5), T + 3_600_000 + RAMP_MS).phase).toBe('closed');
  });

  it('does not open again for a poisoned event that is left after an outage', () => {
    const closed = afterProbe(outage(), true, T + 3_600_000);
    expect(judge(closed, report(0, 9, { events: 2 }), T + 3_605_000).phase).toBe('closed');
  });

  it('takes whatever is not reached for one kind of reason', () => {
    const names = ['timed_out', 'TimeoutError', 'AbortError', 'archive_SlowDown', 'ServiceUnavailable', 'ECONNREFUSED'];
    names.push('TypeError ECONNRESET', 'Error EHOSTUNREACH', 'Error ENETDOWN', 'TypeError UND_ERR_CONNECT_TIMEOUT');
    expect(new Set(names.map(kindOf))).toEqual(new Set(['unreachable']));
    expect([kindOf('TypeError'), kindOf('load_SyntaxError')]).toEqual(['TypeError', 'load_SyntaxError']);
  });
});

describe('the flow of a source', () => {
  it('is free without trouble, and has its pace', () => {
    expect(flowOf({ state: CLOSED }, {}, T)).toEqual({ is: 'free' });
    expect(flowOf({ state: CLOSED }, { perSecond: 5 }, T)).toEqual({ is: 'limited', perSecond: 5, isPace: true });
  });

  it('grows from one a second after an outage, and after a pause that an operator ends', () => {
    const closed = afterProbe(outage(), true, T);
    const rates = [0, 10, 30, 60].map((seconds) => flowOf({ state: closed }, {}, T + seconds * 1000));
    expect(rates.map((flow) => flow.is === 'limited' && flow.perSecond)).toEqual([1, 2, 8, 64]);
    expect(flowOf({ state: closed }, { perSecond: 5 }, T + 60_000)).toMatchObject({ perSecond: 5, isPace: true });
    expect(flowOf({ state: closed }, {}, T + RAMP_MS)).toEqual({ is: 'free' });
    expect(flowOf({ state: CLOSED, resumedAt: T }, {}, T + 10_000)).toMatchObject({ perSecond: 2 });
  });

  it('is none while an operator has paused it, whatever the breaker says', () => {
    const paused = { at: T, by: 'a person', reason: 'a reason' };
    expect(flowOf({ state: outage(), paused }, {}, T + 5)).toEqual({ is: 'paused', since: T });
  });

  it('hides an event that comes for the first time until the next probe, so that it may be the one', () => {
    const open = { is: 'open', since: T, probeAt: T + 7_200_000 } as const;
    expect([1, 2].map((receives) => holdSeconds(open, receives, T + 7_170_000, 0))).toEqual([30, 1800]);
  });

  it('hides what waits for as long as half of the outage, so that all of it is back within half an hour', () => {
    const held = (is: 'paused' | 'open', hours: number, random: number) =>
      holdSeconds({ is, since: T, probeAt: 0 }, 1, T + hours * 3_600_000, random);
    expect([0, 0.1, 1, 30].map((hours) => held('open', hours, 0))).toEqual([60, 180, 1800, 1800]);
    expect([0, 0.1, 1, 30].map((hours) => held('paused', hours, 0))).toEqual([5, 180, 1800, 1800]);
    expect(held('open', 30, 0.999)).toBeGreaterThanOrEqual(900);
    expect(holdSeconds({ is: 'open', since: T, probeAt: T + 90_000 }, 1, T, 0.5)).toBe(90);
    const limited = { is: 'limited', perSecond: 1, isPace: true } as const;
    expect([1, 2, 5, 150, 900].map((receives) => holdSeconds(limited, receives, T, 0))).toEqual([5, 10, 80, 600, 1800]);
  });

  it.each<[string, (now: number) => Flow]>([
    ['paused', () => ({ is: 'paused', since: T })],
    ['open', (now) => ({ is: 'open', since: T, probeAt: now + 30_000 })],
    ['too early for its pace', () => ({ is: 'limited', perSecond: 0.1, isPace: true })],
    ['too early for a rate that grows', () => ({ is: 'limited', perSecond: 1, isPace: false })],
    ['held because the breaker cannot be read', () => ({ is: 'limited', perSecond: 0, isPace: false })],
    // One after the other, as in a service that comes and goes.
    [
      'each of them in turn',
      (now) =>
        now % 2 ? { is: 'open', since: now - 120_000, probeAt: now } : { is: 'limited', perSecond: 1, isPace: false },
    ],
  ])('hides a message that is %s so long that SQS does not give it up before its queue would', (_what, flowAt) => {
    const random = seeded(1);
    const retentionSeconds = 14 * 86_400;
    let [now, receives] = [T, 0];
    for (;;) {
      const seconds = holdSeconds(flowAt(now), ++receives, now, random());
      if (
        isOutOfTime(
          { attempts: 1, firstDelaySeconds: 1, maxDelaySeconds: 1, retentionSeconds },
          (now - T) / 1000,
          seconds,
        )
      )
        break;
      now += seconds * 1000 + (receives % 2);
    }
    expect(receives).toBeLessThan(MAX_RECEIVES - 50);
  });

  it('reaches nine tenths of its rate, and no second has more than it says', () => {
    const rate = fc.oneof(
      fc.double({ min: 0.01, max: 40, noNaN: true }),
      fc.double({ min: 1, max: 1_000, noNaN: true }),
      fc.integer({ min: 1, max: 1_000 }),
    );
    fc.assert(
      fc.property(rate, fc.integer({ min: 1, max: 10 }), (perSecond, batch) => {
        const count = together(batch, perSecond);
        const slot = slotMs(count, perSecond);
        expect((count * 1000) / slot).toBeGreaterThanOrEqual(0.9 * perSecond - 0.001);
        expect((count * 1000) / slot).toBeLessThanOrEqual(perSecond * 1.000001);
        // The slots that begin within a second that begins with one.
        expect(count * Math.ceil(1000 / slot)).toBeLessThanOrEqual(Math.ceil(perSecond));
        expect(count).toBeLessThanOrEqual(batch);
      }),
    );
    const rateOf = (perSecond: number): number =>
      (together(10, perSecond) * 1000) / slotMs(together(10, perSecond), perSecond);
    expect([1, 1.9, 15, 19, 35].map((each) => Number(rateOf(each).toFixed(1)))).toEqual([1, 1.9, 14, 18, 32]);
  });
});
