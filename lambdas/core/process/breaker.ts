import { EMPTY, isDown, isFailing, triesOf, withReport } from './tries-window.ts';
import type { Report, TriesWindow } from './tries-window.ts';

/**
 * The state of a source's breaker, by how its tries go. `closed`: events are processed. `slow`: most tries fail, and one a
 * second looks whether that is so. `open`: nothing is processed but one probe at a time.
 */
export interface BreakerState {
  readonly phase: 'closed' | 'slow' | 'open';
  /** When the phase began. All times are milliseconds since the epoch. */
  readonly since: number;
  /** The kind of reason that most tries fail for; absent while the breaker is closed. */
  readonly kind?: string;
  /** When the outage began; kept for a while after it, because an outage may come back. */
  readonly outageSince?: number;
  /** No probe begins before this. */
  readonly probeAt?: number;
  /** When the breaker closed after an outage: from then on the source's events flow back at a rate that grows. */
  readonly recoveredAt?: number;
  /** The dead letters that are to go back by themselves, if any are left to look for. */
  readonly repair?: PendingRepair;
  readonly window: TriesWindow;
}

export interface PendingRepair {
  /** The next look is not made before this. */
  readonly at: number;
  /** Dead letters that died before this are not part of the outage. */
  readonly from: number;
  /** How many may still go back. */
  readonly left: number;
  /** A look after this that finds nothing is the last one. Absent until the first look. */
  readonly until?: number;
}

export const CLOSED: BreakerState = { phase: 'closed', since: 0, window: EMPTY };

/** Failed tries, and events that they are of, from which on the tries of a minute are taken for an outage. */
const LEAST_FAILURES = 10;
const LEAST_EVENTS = 5;
/** The same once the source is watched already: one poisoned event that is left after an outage is not the outage. */
const LEAST_WHILE_WATCHED = 5;
const LEAST_EVENTS_WHILE_WATCHED = 3;
/**
 * The same for a source with few events, in which nothing has succeeded for so many milliseconds. A poisoned event is one: two that
 * fail for one reason while nothing else succeeds are an outage.
 */
const QUIET_MS = 1_800_000;
const LEAST_WHILE_QUIET = 4;
const LEAST_EVENTS_WHILE_QUIET = 2;
/** Milliseconds for which the source is slow before the breaker opens: every container has said by then how its tries go. */
export const SLOW_MS = 15_000;
/** A slow phase in which nobody tried anything is over after this. */
const SLOW_MOST_MS = 600_000;
/** Milliseconds between the beginnings of two probes. */
export const PROBE_MS = 60_000;
/** Milliseconds for which the rate is bounded after an outage. */
export const RAMP_MS = 120_000;
/** An outage that begins so soon after another one is the same. */
const SAME_OUTAGE_MS = 600_000;
/** Dead letters of an outage died after its beginning, or shortly before it was noticed. */
const BEFORE_OUTAGE_MS = 3_600_000;
/** The most dead letters that go back by themselves after one outage. */
export const MOST_REPAIRED = 1_000;

export const isRamping = ({ recoveredAt }: BreakerState, now: number): boolean =>
  recoveredAt !== undefined && now - recoveredAt < RAMP_MS;

/** The phase now: a slow one ends by itself if nothing is tried. */
export const phaseOf = ({ phase, since }: BreakerState, now: number): BreakerState['phase'] =>
  phase === 'slow' && now - since > SLOW_MOST_MS ? 'closed' : phase;

/** The state after a container has told how its tries went; probes are told by {@link afterProbe}. */
export function judge(state: BreakerState, report: Report, now: number): BreakerState {
  if (state.phase === 'open') return state;
  const window = withReport(state.window, report, now);
  const next = { ...state, window };
  if (phaseOf(state, now) === 'slow') {
    if (triesOf(window) < LEAST_WHILE_WATCHED) return next;
    const kind = isFailing(window, LEAST_WHILE_WATCHED) ?? isDown(window, LEAST_WHILE_WATCHED);
    if (kind === undefined) return closed(state, window, now);
    return now - state.since < SLOW_MS ? next : opened(state, kind, now, state.since);
  }
  const isWatched = isRamping(state, now) && window.events.length >= LEAST_EVENTS_WHILE_WATCHED;
  const watched = isWatched ? isFailing(window, LEAST_WHILE_WATCHED) : undefined;
  if (watched !== undefined) return opened(state, watched, now, now);
  const isQuiet = window.successes === 0 && now - window.from >= QUIET_MS;
  const [leastEvents, least] = isQuiet ? [LEAST_EVENTS_WHILE_QUIET, LEAST_WHILE_QUIET] : [LEAST_EVENTS, LEAST_FAILURES];
  const one = window.events.length < leastEvents ? undefined : isFailing(window, least);
  // Whoever succeeded has had the time to say so: there is nothing to watch any more.
  const isSettled = window.successes === 0 && now - window.from >= 2 * SLOW_MS;
  // Many events that fail for several reasons may be poisoned ones, unless nothing else succeeds.
  const kind = one ?? (isSettled && window.events.length >= LEAST_EVENTS ? isDown(window, LEAST_FAILURES) : undefined);
  if (kind === undefined) return next;
  if (isSettled) return opened(state, kind, now, window.from);
  return { ...next, phase: 'slow', since: now, kind, window: { ...EMPTY, from: now } };
}

function closed({ kind: _, ...state }: BreakerState, window: TriesWindow, now: number): BreakerState {
  return { ...state, phase: 'closed', since: now, window };
}

function opened(state: BreakerState, kind: string, now: number, began: number): BreakerState {
  const { outageSince, recoveredAt } = state;
  const isSame = outageSince !== undefined && recoveredAt !== undefined && now - recoveredAt < SAME_OUTAGE_MS;
  const { repair: _, ...rest } = state;
  return {
    ...{ ...rest, phase: 'open', since: now, kind, probeAt: now + PROBE_MS, window: EMPTY },
    outageSince: isSame ? outageSince : began,
  };
}

/** The state once somebody has taken the probe that is due; undefined if none is. `lastsMs` is the longest that a probe takes. */
export const takeProbe = (state: BreakerState, now: number, lastsMs: number): BreakerState | undefined =>
  state.phase === 'open' && now >= (state.probeAt ?? 0)
    ? { ...state, probeAt: now + Math.max(PROBE_MS, lastsMs) }
    : undefined;

/** The state after a probe that tried nothing, because its event was a copy or waited for another: the next one is due. */
export const untaken = (state: BreakerState, now: number): BreakerState =>
  state.phase === 'open' ? { ...state, probeAt: now } : state;

/** The state after a probe. One that succeeded closes the breaker, and has the dead letters of the outage looked for. */
export function afterProbe(state: BreakerState, isSuccess: boolean, now: number): BreakerState {
  if (state.phase !== 'open' || !isSuccess) return state;
  const { probeAt: _, ...rest } = closed(state, { ...EMPTY, from: now }, now);
  const from = (state.outageSince ?? now) - BEFORE_OUTAGE_MS;
  return { ...rest, recoveredAt: now, repair: { at: now + RAMP_MS, from, left: MOST_REPAIRED } };
}
