import type { Known, MakingFrom } from './memory.ts';
import { knownOf } from './memory.ts';
import { makeAgain, unlessThrown, whyNotMade } from './repair.ts';
import type { RegistrationState } from './report.ts';
import type { Upkeeping } from './run.ts';

/** A registration as the poll leaves it. */
export interface Kept {
  readonly known: Known;
  readonly state: RegistrationState;
  readonly fault?: string | undefined;
  /** Present if there may be a registration now whose secret nobody has. */
  readonly lost?: MakingFrom | undefined;
}

/** Tries without an answer after which the next one waits, and for how long: twice as long each time, a day at most. */
const TRIES_AT_ONCE = 3;
const FIRST_WAIT_MS = 10 * 60_000;
const LONGEST_WAIT_MS = 86_400_000;

/** Deletes a registration that cannot be switched on, and makes it again. */
export async function replace(known: Known, run: Upkeeping): Promise<Kept> {
  const { upkeep, api } = run;
  if (!upkeep.remove || !upkeep.recreates) return { known, state: 'disabled' };
  const fault = await whyNotMade(run);
  if (fault !== undefined) return { known, state: 'disabled', fault };
  const removed = await unlessThrown(upkeep.remove(known.id, api));
  if (!removed.ok) return { known, state: 'disabled', fault: removed.reason };
  return remake(known, 'disabled', run);
}

/**
 * Makes a registration again, if the provider deletes them by itself. One that was made and is not listed is not made again: the
 * provider may deliver to it all the same, and each further one would deliver every event once more.
 */
export async function remake(known: Known, otherwise: RegistrationState, run: Upkeeping): Promise<Kept> {
  const undone = { known, state: otherwise };
  if (!run.upkeep.recreates) return undone;
  if (known.isUnseen === true) return { ...undone, fault: 'made_not_listed' };
  if (isTooSoon(known, run)) return { ...undone, fault: 'made_not_answered' };
  const why = await whyNotMade(run);
  if (why !== undefined) return { ...undone, fault: why };
  const { made, fault, doubt, lost } = await makeAgain(known.events, run);
  if (made) return { known: { ...knownOf(made), isUnseen: true }, state: 'created' };
  // A lost one is deleted by the next poll, which can then make another.
  const isUnseen = doubt === 'strange' && lost === undefined;
  const tries = { count: (known.tries?.count ?? 0) + 1, at: run.api.now.toISOString() };
  return {
    ...{ state: otherwise, fault, lost },
    known: { ...known, ...(doubt && { tries }), ...(isUnseen && { isUnseen }) },
  };
}

function isTooSoon({ tries }: Known, { api: { now } }: Upkeeping): boolean {
  const more = (tries?.count ?? 0) - TRIES_AT_ONCE;
  if (!tries || more < 0) return false;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** more);
  return now.getTime() - Date.parse(tries.at) < wait;
}
