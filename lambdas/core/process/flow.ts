import { isRamping, phaseOf } from './breaker.ts';
import type { BreakerState } from './breaker.ts';

/** A source's breaker, and what an operator has ordered. */
export interface BreakerView {
  readonly state: BreakerState;
  /** Set while an operator has paused the source. */
  readonly paused?: Pause;
  /** When an operator last resumed it, milliseconds since the epoch. */
  readonly resumedAt?: number;
}

export interface Pause {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: string;
  readonly reason: string;
}

/** The most events that a source's handler is given. */
export interface Pace {
  readonly perSecond?: number;
}

/** The amount that may be handled now: nothing, one probe, so many a second, or everything. */
export type Flow =
  | { readonly is: 'paused'; readonly since: number }
  | { readonly is: 'open'; readonly since: number; readonly probeAt: number }
  /** So many a second; none if nobody knows how many. */
  | { readonly is: 'limited'; readonly perSecond: number; readonly isPace: boolean }
  | { readonly is: 'free' };

/** Events a second with which a source begins to flow again after an outage or a pause, and while it is slow. */
const FIRST_RATE = 1;
/** The rate doubles in so many milliseconds. */
const DOUBLING_MS = 10_000;

export function flowOf(view: BreakerView, pace: Pace, now: number): Flow {
  const { state, paused, resumedAt } = view;
  if (paused) return { is: 'paused', since: paused.at };
  const phase = phaseOf(state, now);
  if (phase === 'open') return { is: 'open', since: state.outageSince ?? state.since, probeAt: state.probeAt ?? 0 };
  const begun = Math.max(resumedAt ?? 0, state.recoveredAt ?? 0);
  const isGrowing = isRamping({ ...state, recoveredAt: begun }, now);
  const rates = [
    ...(phase === 'slow' ? [FIRST_RATE] : []),
    ...(isGrowing ? [FIRST_RATE * 2 ** Math.floor((now - begun) / DOUBLING_MS)] : []),
  ];
  const own = Math.min(...rates);
  const perSecond = Math.min(own, pace.perSecond ?? Infinity);
  return perSecond === Infinity ? { is: 'free' } : { is: 'limited', perSecond, isPace: perSecond < own };
}

/** The share of a rate that its slots reach at least. */
const LEAST_SHARE = 0.9;

/** Whole slots a second for so many events each. A single event needs none: no second holds more of them than its rate, rounded up. */
const slotsPerSecond = (count: number, perSecond: number): number =>
  count === 1 ? perSecond : Math.floor(perSecond / count);

/** How many of so many events may begin together: the most of which whole slots come close to the rate, and one at least. */
export function together(count: number, perSecond: number): number {
  let most = count;
  while (most > 1 && most * slotsPerSecond(most, perSecond) < LEAST_SHARE * perSecond) most--;
  return most;
}

/** Milliseconds for which so many events use a rate up, to the microsecond, so that no second holds more than it says. */
export const slotMs = (count: number, perSecond: number): number =>
  Math.ceil(1_000_000 / slotsPerSecond(count, perSecond)) / 1000;

/** Seconds: between the least and the most, a message that may not be handled is hidden for half of the time that it has lasted. */
const [LEAST_PAUSED, LEAST_OPEN, MOST] = [5, 60, 1_800];
/** Seconds for which one is hidden that came too early for a rate which grows. */
const [LEAST_GROWING, MOST_GROWING] = [10, 40];
/** Seconds for which one is hidden that came too early for a pace, or while nobody knows the rate: the first time, and at most. */
const [FIRST_PACED, MOST_PACED] = [5, 600];
/** While nobody knows the rate, one that was handed out no more often comes back soon: most reads that fail are single ones. */
const SOON_RECEIVES = 20;
/**
 * A message that was handed out more often is hidden for long, whatever holds it. SQS counts a thousand receives and then moves it to
 * the dead letters, without a reason and without a try: they have to last for as long as it can wait.
 */
const MANY_RECEIVES = 200;
const JITTER = 0.5;

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** Whole seconds for which a message is hidden that may not be handled now. `random` is from 0 up to 1. */
export function holdSeconds(flow: Flow, receives: number, now: number, random: number): number {
  const jittered = (seconds: number): number => Math.ceil(seconds * (1 - JITTER * random));
  if (receives > MANY_RECEIVES) return jittered(MOST);
  switch (flow.is) {
    case 'paused':
      return jittered(within((now - flow.since) / 2_000, LEAST_PAUSED, MOST));
    case 'open': {
      const untilProbe = Math.ceil((flow.probeAt - now) / 1000);
      // Events that always fail may be many, and have been tried: one that is new is the probe before they are.
      if (receives === 1 && untilProbe > 0) return untilProbe;
      return Math.max(untilProbe, jittered(within((now - flow.since) / 2_000, LEAST_OPEN, MOST)));
    }
    case 'limited':
      return flow.isPace || (flow.perSecond === 0 && receives > SOON_RECEIVES)
        ? jittered(within(FIRST_PACED * 2 ** Math.min(receives - 1, 10), FIRST_PACED, MOST_PACED))
        : Math.ceil(LEAST_GROWING + (MOST_GROWING - LEAST_GROWING) * random);
    case 'free':
      return 1;
  }
}

/** Hours for which a source may be paused, or its breaker open, before somebody must look at any hour. */
export const PAUSED_LONG_HOURS = 48;
