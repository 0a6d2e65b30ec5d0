import { Asking } from './asking.ts';
import type { Fetching, Part } from './asking.ts';
import type { Missing } from './progress.ts';
import { numbersIn, partsOf } from './ranges.ts';

/** Numbers that are still missing. */
export interface Left extends Missing {
  /** Whether the server was asked in this poll and does not give them. One that answers nothing may have them all the same. */
  readonly isRefused: boolean;
}

/** The outcome for the numbers that were asked for. */
export interface Fetched {
  readonly missing: readonly Left[];
  /** False if the server cannot be asked for events. */
  readonly canRecover: boolean;
  /** Numbers of which it has come to light now that the server does not give them. */
  readonly told: number;
}

/**
 * Asks the server for the missing numbers, in windows; and for the rest of a window one by one, since servers limit an answer.
 * Other events in an answer are left alone. Numbers that were asked for and are not in a successful answer are told, and so are those
 * that the server refuses alone while it answers for others: one bad event keeps no other from being fetched.
 */
export async function fetchMissing(missing: readonly Missing[], fetching: Fetching): Promise<Fetched> {
  const asking = new Asking(fetching);
  const outcome = new Map<Missing, Part[]>();
  // Numbers that were never asked for come first: the server may never give the rest.
  for (const gap of [...missing].sort((a, b) => Number(a.isTold) - Number(b.isTold))) {
    const parts: Part[] = [];
    for (const window of partsOf(gap, fetching.windowSize)) {
      if (asking.goesOn) parts.push(...(await asking.askFor(window, gap.isTold)));
      else {
        parts.push({ from: window.from, to: gap.to, fate: 'unasked' });
        break;
      }
    }
    outcome.set(gap, parts);
  }
  await asking.end();
  const { canRecover, refused } = asking;
  // Numbers that are known to be beyond reach are told; numbers that were not asked for are not.
  const isRefused = ({ from, fate }: Part): boolean =>
    fate === 'absent' || (fate === 'refused' ? refused.has(from) : !canRecover);
  const now = fetching.ports.api.now.toISOString();
  const leftOf = (gap: Missing): Left[] =>
    (outcome.get(gap) ?? []).map((part) => left(gap, part, isRefused(part), now));
  const told = missing.flatMap((gap) => (gap.isTold ? [] : leftOf(gap).filter(({ isTold }) => isTold)));
  return { missing: joined(missing.flatMap(leftOf)), canRecover, told: numbersIn(told) };
}

/** A part of a gap that is still missing. The numbers that are refused for the first time are waited for from now on. */
const left = ({ since, isTold, toldAt }: Missing, { from, to }: Part, isRefused: boolean, now: string): Left => ({
  ...{ from, to, since, isTold: isTold || isRefused, isRefused },
  toldAt: isTold || !isRefused || now === since ? toldAt : now,
});

/** Joins neighbouring ranges that are alike. */
function joined(missing: readonly Left[]): Left[] {
  const all: Left[] = [];
  for (const gap of missing) {
    const last = all.at(-1);
    const isOne = last?.to === gap.from - 1n && isAlike(last, gap);
    if (last && isOne) all[all.length - 1] = { ...last, to: gap.to };
    else all.push(gap);
  }
  return all;
}

const isAlike = (one: Left, other: Left): boolean =>
  (['since', 'isTold', 'toldAt', 'isRefused'] as const).every((name) => one[name] === other[name]);
