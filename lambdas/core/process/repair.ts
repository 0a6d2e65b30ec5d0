import { isPermanent } from '../permanent-error.ts';
import type { Clock, Observer } from '../ports.ts';
import type { Breaker } from './admit.ts';
import type { BreakerState, PendingRepair } from './breaker.ts';

/** A dead letter that is held for a moment. */
export interface DeadLetter {
  readonly receipt: string;
  readonly text: string;
  /** Why its last try failed; absent if SQS itself moved it. */
  readonly reason?: string;
  /** When it died, milliseconds since the epoch. */
  readonly diedAt: number;
  /** Whether it may not go back by itself: it has done so before, or has no room for the mark that it did. */
  readonly isSpent: boolean;
}

/** The dead letters of a source, and the way back to its queue. */
export interface DeadLetters {
  /** Takes some; none if there are no others. They are back after a minute unless they are moved. */
  take(): Promise<readonly DeadLetter[]>;
  /** Puts one back into the queue after so many seconds, marked, and then deletes it here. */
  putBack(letter: DeadLetter, seconds: number): Promise<void>;
}

export interface RepairPorts {
  readonly breaker: Breaker;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly observer: Pick<Observer, 'repaired'>;
}

/** Looks of one invocation into the dead-letter queue. */
const LOOKS = 10;
/** Milliseconds until the next invocation may look. */
const EVERY_MS = 30_000;
/** What goes back comes back over so many seconds, so that an invocation is there to look again. */
const SPREAD_SECONDS = 60;

/**
 * Has dead letters of an outage that is over go back to the queue: those that died of it, each once, and so many in all. Send,
 * then delete: a crash between the two leaves a copy, of which the ledger makes one effect.
 */
export async function repair({ breaker, deadLetters, clock, random, observer }: RepairPorts): Promise<void> {
  const { state } = await breaker.read();
  if (!isDue(state, clock())) return;
  let order: PendingRepair | undefined;
  const isTaken = await breaker.change((current) => {
    if (!isDue(current, clock())) return undefined;
    order = current.repair;
    return { ...current, repair: { ...current.repair, at: clock() + EVERY_MS } };
  });
  if (!isTaken || !order) return;
  const { from, left } = order;
  let moved = 0;
  for (let looks = 0; looks < LOOKS && moved < left; looks++) {
    const letters = await deadLetters.take();
    if (letters.length === 0) break;
    for (const letter of letters.filter((each) => isOfOutage(each, from)).slice(0, left - moved)) {
      await deadLetters.putBack(letter, Math.floor(random() * SPREAD_SECONDS));
      moved++;
    }
  }
  if (moved > 0) observer.repaired(moved);
  await breaker.change(({ repair: pending, ...rest }) =>
    pending === undefined || moved === 0 || pending.left <= moved
      ? rest
      : { ...rest, repair: { ...pending, left: pending.left - moved } },
  );
}

type Repairing = BreakerState & { readonly repair: PendingRepair };

const isDue = (state: BreakerState, now: number): state is Repairing =>
  state.phase === 'closed' && state.repair !== undefined && now >= state.repair.at;

const isOfOutage = ({ reason, diedAt, isSpent }: DeadLetter, from: number): boolean =>
  reason !== undefined && !isPermanent(reason) && diedAt >= from && !isSpent;
