import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextTry } from '../../../../lambdas/core/process/retry.ts';
import type { FailedTry, RetryPolicy } from '../../../../lambdas/core/process/retry.ts';
import { retrySchema } from '../../../../lib/config/retry.ts';

const DAY = 86_400;
const usual: RetryPolicy = { ...retrySchema.parse({}), retentionSeconds: 14 * DAY };
const failed = (more: Partial<FailedTry> = {}): FailedTry => ({
  ...{ tries: 1, receives: 1, ageSeconds: 0, isPermanent: false },
  ...more,
});
const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const policy: fc.Arbitrary<RetryPolicy> = fc
  .record({
    attempts: fc.integer({ min: 1, max: 400 }),
    delays: fc.tuple(fc.integer({ min: 1, max: 42_000 }), fc.integer({ min: 1, max: 42_000 })),
    retentionSeconds: fc.integer({ min: DAY, max: 14 * DAY }),
  })
  .map(({ delays, ...rest }) => ({
    ...{ ...rest, firstDelaySeconds: Math.min(...delays), maxDelaySeconds: Math.max(...delays) },
  }));

/** The seconds at which tries are made that all fail. */
function triesOf(retry: RetryPolicy, jitter: () => number): number[] {
  const at = [0];
  for (let tries = 1; ; tries++) {
    const ageSeconds = at.at(-1) ?? 0;
    const delay = nextTry(retry, failed({ tries, receives: tries, ageSeconds }), jitter());
    if (delay === undefined) return at;
    at.push(ageSeconds + delay);
  }
}

describe('the schedule of tries', () => {
  it('doubles its delays up to the longest one', () => {
    const delays = [1, 2, 3, 4, 7, 8, 99].map((tries) => nextTry(usual, failed({ tries }), 0));
    expect(delays).toEqual([15, 30, 60, 120, 960, 1800, 1800]);
    expect(nextTry(usual, failed({ tries: 100 }), 0)).toBeUndefined();
  });

  it('outlasts an outage of 30 hours by default, and tries each event within half an hour after it', () => {
    for (const jitter of [0, 0.5, 0.999]) {
      const tries = triesOf(usual, () => jitter);
      expect(tries).toHaveLength(100);
      const end = 30 * 3_600;
      expect(Math.min(...tries.filter((at) => at >= end)) - end).toBeLessThanOrEqual(1_800);
    }
  });

  it('has no delay that SQS refuses, none under a second, and as much jitter as it says', () => {
    fc.assert(
      fc.property(policy, fc.integer({ min: 1, max: 1000 }), random, (retry, tries, jitter) => {
        const most = { ...retry, attempts: Infinity };
        const delay = nextTry(most, failed({ tries }), jitter) ?? NaN;
        const full = nextTry(most, failed({ tries }), 0) ?? NaN;
        expect(Number.isInteger(delay) && delay >= 1 && delay <= Math.min(retry.maxDelaySeconds, 43_200 - 900)).toBe(
          true,
        );
        expect(delay).toBeLessThanOrEqual(full);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(full * 0.8));
      }),
    );
  });

  it('makes all the tries, or ends well before the queue deletes the message', () => {
    fc.assert(
      fc.property(policy, fc.infiniteStream(random), (retry, jitters) => {
        const tries = triesOf(retry, () => Number(jitters.next().value));
        const last = tries.at(-1) ?? 0;
        expect(last).toBeLessThanOrEqual(0.7 * retry.retentionSeconds);
        if (tries.length < retry.attempts)
          expect(last + retry.maxDelaySeconds).toBeGreaterThan(0.7 * retry.retentionSeconds);
        else expect(tries).toHaveLength(retry.attempts);
      }),
    );
  });

  it('ends at once if the failure is permanent', () => {
    fc.assert(
      fc.property(policy, random, (retry, jitter) => {
        expect(nextTry(retry, failed({ isPermanent: true }), jitter)).toBeUndefined();
      }),
    );
  });

  it('goes by the receives if the ledger cannot count, and never gives up for their number', () => {
    const uncounted = (receives: number) => nextTry(usual, failed({ tries: undefined, receives }), 0);
    expect([1, 3, 500].map(uncounted)).toEqual([15, 60, 1800]);
  });
});
