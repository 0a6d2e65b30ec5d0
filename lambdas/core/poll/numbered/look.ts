import type { RecoveryPorts } from '../../numbered-events.ts';
import type { Missing, Progress } from './progress.ts';
import { firstOf, rangesOf, without } from './ranges.ts';

/** Numbers that are looked up side by side. */
const AT_ONCE = 25;

export type Lookup = (number: bigint) => Promise<boolean>;

/** Returns which of some numbers are safe, by the ledger: an event that came by itself costs no call of the API. */
export async function safeOf(numbers: readonly bigint[], isSafe: Lookup): Promise<bigint[]> {
  const safe: bigint[] = [];
  for (let start = 0; start < numbers.length; start += AT_ONCE) {
    const part = numbers.slice(start, start + AT_ONCE);
    const found = await Promise.all(part.map(isSafe));
    safe.push(...part.filter((_, index) => found[index]));
  }
  return safe;
}

/**
 * Looks up the missing numbers again, because their events may have come since. At most so many numbers; the rest stays
 * missing.
 */
export async function lookAgain(missing: readonly Missing[], most: number, isSafe: Lookup): Promise<Missing[]> {
  let left = most;
  const still: Missing[] = [];
  for (const gap of missing) {
    const numbers = firstOf(gap, left);
    left -= numbers.length;
    const safe = await safeOf(numbers, isSafe);
    still.push(...without(gap, safe).map((range) => ({ ...gap, ...range })));
  }
  return still;
}

/** Looks at numbers that no poll has looked at yet, up to the server's count, as far as the bounds allow: at most so many missing ranges are left. */
export async function lookOn(
  progress: Progress,
  count: bigint,
  isSafe: Lookup,
  { maxEvents, api: { now } }: Pick<RecoveryPorts, 'maxEvents' | 'api'>,
  most: number,
): Promise<Progress> {
  const room = most - progress.missing.length;
  // A range more per number at worst, so that the ranges always fit.
  const numbers = room > 0 ? firstOf({ from: progress.seen + 1n, to: count }, Math.min(maxEvents, 2 * room)) : [];
  const last = numbers.at(-1);
  if (last === undefined) return progress;
  const safe = new Set(await safeOf(numbers, isSafe));
  const found = rangesOf(numbers.filter((number) => !safe.has(number)));
  const since = now.toISOString();
  return {
    ...progress,
    seen: last,
    missing: [...progress.missing, ...found.map((range) => ({ ...range, since, isTold: false }))],
  };
}
