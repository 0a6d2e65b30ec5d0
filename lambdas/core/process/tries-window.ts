/** How the tries of a minute went; of up to an hour, if none succeeded. */
export interface TriesWindow {
  /** When it began, milliseconds since the epoch. */
  readonly from: number;
  readonly successes: number;
  /** Failed tries by the kind of their reason. */
  readonly failures: Readonly<Record<string, number>>;
  /** Some of the events whose tries failed, by a short hash, so that one event that fails again and again is not many. */
  readonly events: readonly string[];
}

/** A container's report of its tries. */
export interface Report {
  readonly successes: number;
  readonly failures: readonly { readonly kind: string; readonly event: string }[];
}

export const EMPTY: TriesWindow = { from: 0, successes: 0, failures: {}, events: [] };

/** Milliseconds after which a window begins again, and after which one does in which nothing succeeded. */
export const WINDOW_MS = 60_000;
const LONGEST_MS = 3_600_000;
/** Events that are told apart: more need not be known. */
const MOST_EVENTS = 8;
/** Kinds that are told apart: those after them count as one. */
const MOST_KINDS = 8;

/** The window with what a container has to tell. */
export function withReport(window: TriesWindow, { successes, failures }: Report, now: number): TriesWindow {
  const current = isOver(window, now) ? { ...EMPTY, from: now } : window;
  // Not an object: a handler's error may be named `constructor`.
  const counts = new Map(Object.entries(current.failures));
  for (const { kind } of failures) {
    const known = counts.has(kind) || counts.size < MOST_KINDS ? kind : 'other';
    counts.set(known, (counts.get(known) ?? 0) + 1);
  }
  const events = new Set([...current.events, ...failures.map(({ event }) => event)]);
  return {
    ...{ from: current.from, successes: current.successes + successes, failures: Object.fromEntries(counts) },
    events: [...events].slice(0, MOST_EVENTS),
  };
}

const failuresOf = ({ failures }: TriesWindow): number =>
  Object.values(failures).reduce((sum, count) => sum + count, 0);

export const triesOf = (window: TriesWindow): number => window.successes + failuresOf(window);

/** The kind of reason that more than half of the tries failed for, and at least so many; undefined if there is none. */
export function isFailing(window: TriesWindow, least: number): string | undefined {
  const tries = triesOf(window);
  const found = Object.entries(window.failures).find(([, count]) => count >= least && 2 * count > tries);
  return found?.[0];
}

/**
 * The kind that most tries failed for, if at least so many failed and none succeeded, whatever their reasons: what is down can be
 * met under several names. Undefined otherwise.
 */
export function isDown(window: TriesWindow, least: number): string | undefined {
  if (window.successes > 0 || failuresOf(window) < least) return undefined;
  return Object.entries(window.failures).sort(([, one], [, other]) => other - one)[0]?.[0];
}

/** Whether tries failed lately: what others have to tell is of interest then. */
export const isAlert = (window: TriesWindow, now: number): boolean => !isOver(window, now) && failuresOf(window) > 0;

/** A source with few events fails for longer than a minute before that can be told from a poisoned event. */
const isOver = ({ from, successes }: TriesWindow, now: number): boolean =>
  now - from >= (successes > 0 ? WINDOW_MS : LONGEST_MS);

/** Names under which handlers, their clients and the gateway meet what is down or overloaded. */
const UNREACHABLE =
  /time.?d?.?out|abort|unreach|unavailable|connection|network|socket|throttl|toomany|slowdown|ECONN|EAI_AGAIN|ENOTFOUND|EPIPE|(HOST|NET)DOWN|PREMATURE_CLOSE/i;

/** The kind of a reason: whatever is not reached is of one kind, and any other reason is its own. */
export const kindOf = (reason: string): string => (UNREACHABLE.test(reason) ? 'unreachable' : reason.slice(0, 60));
