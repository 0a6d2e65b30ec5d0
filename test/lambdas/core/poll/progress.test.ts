import { expect, it } from '@jest/globals';
import { mostFor, writeProgress } from '../../../../lambdas/core/poll/numbered/progress.ts';
import type { Progress } from '../../../../lambdas/core/poll/numbered/progress.ts';

const at = '2026-03-01T00:00:00.000Z';
const range = (index: number) => ({ from: 10n ** 12n + BigInt(2 * index), to: 10n ** 12n + BigInt(2 * index) });
const progress = (missing: number): Progress => ({
  ...{ seen: 10n ** 13n, at },
  missing: Array.from({ length: missing }, (_, index) => ({ ...range(index), since: at, isTold: true })),
  writtenOff: Array.from({ length: 1000 }, (_, index) => ({ ...range(index), at })),
});

it.each([1, 2, 5, 6, 20])('the progress of %i Subscriptions at their bounds fits into one item', (count) => {
  const all = new Map<string, Progress>();
  for (let n = 0; n < count; n++) all.set(`s${n}`, progress(Math.max(0, mostFor(`s${n}`, all, count))));
  for (const [, { missing }] of all) expect(missing.length).toBeGreaterThan(50);
  expect(writeProgress(all).length).toBeLessThan(170_000);
});

it('one Subscription that had all the room leaves the others what is left of it', () => {
  const all = new Map([['first', progress(1000)]]);
  for (let n = 0; n < 19; n++) all.set(`s${n}`, progress(Math.max(0, mostFor(`s${n}`, all, 20))));
  expect(writeProgress(all).length).toBeLessThan(170_000);
  expect(mostFor('another', all, 20)).toBe(0);
});
