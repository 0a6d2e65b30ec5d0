import { isPermanent } from '../permanent-error.ts';
import type { Clock } from '../ports.ts';
import type { Observer } from '../observer.ts';
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
  /** Takes some; none if none is seen. They are back after two minutes unless they are moved or given back. */
  take(): Promise<readonly DeadLetter[]>;
  /** Shows some again at once to whoever looks next. */
  giveBack(letters: readonly DeadLetter[]): Promise<void>;
  /** Puts one back into the queue after so many seconds, marked, and then deletes it here. */
  putBack(letter: DeadLetter, seconds: number): Promise<void>;
}

export interface RepairPorts {
  readonly breaker: Breaker;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Whether the invocation has time for another look. */
  readonly hasTime: () => boolean;
  readonly observer: Pick<Observer, 'repaired'>;
}

/** Looks of one invocation into the dead-letter queue. */
const LOOKS = 10;
/** Milliseconds until the next invocation may look. */
const EVERY_MS = 30_000;
/**
 * Milliseconds from the first look for which it is looked again, whatever was found: some letters can be hidden by somebody who
 * looks at them, by a look whose answer was lost, or behind others that do not go back.
 */
const LOOKED_FOR_MS = 600_000;
/** Seconds over which the returned messages come back, so that an invocation is there to look again. */
const SPREAD_SECONDS = 60;

/**
 * Has dead letters of an outage that is over go back to the queue: those that died of it, each once, and so many in all. Send,
 * then delete: a crash between the two leaves a copy, of which the ledger makes one effect.
 */
export async function repair(ports: RepairPorts): Promise<void> {
  const { breaker, clock, observer } = ports;
  const { state } = await breaker.read();
  if (!isDue(state, clock())) return;
  let order: PendingRepair | undefined;
  const isTaken = await breaker.change((current) => {
    if (!isDue(current, clock())) return undefined;
    order = { until: clock() + LOOKED_FOR_MS, ...current.repair, at: clock() + EVERY_MS };
    return { ...current, repair: order };
  });
  if (!isTaken || !order) return;
  const { until = 0 } = order;
  const staying: DeadLetter[] = [];
  let moved = 0;
  try {
    for (let looks = 0; looks < LOOKS && ports.hasTime(); looks++) {
      const letters = await ports.deadLetters.take();
      // None is hidden behind those that stay, so that an operator who looks may see these again.
      if (letters.length === 0) {
        await ports.deadLetters.giveBack(staying);
        return;
      }
      for (const letter of letters) {
        if (!isOfOutage(letter, order.from)) {
          staying.push(letter);
          continue;
        }
        if (moved >= order.left) return;
        await ports.deadLetters.putBack(letter, Math.floor(ports.random() * SPREAD_SECONDS));
        moved++;
      }
    }
  } finally {
    if (moved > 0) observer.repaired(moved);
    await breaker.change((current) => settled(current, moved, moved === 0 && clock() >= until));
  }
}

/** The state once so many letters have gone back; undefined if nothing changes. */
function settled({ repair: pending, ...rest }: BreakerState, moved: number, isOver: boolean): BreakerState | undefined {
  if (!pending || (moved === 0 && !isOver)) return undefined;
  return isOver || pending.left <= moved ? rest : { ...rest, repair: { ...pending, left: pending.left - moved } };
}

type Repairing = BreakerState & { readonly repair: PendingRepair };

const isDue = (state: BreakerState, now: number): state is Repairing =>
  state.phase === 'closed' && state.repair !== undefined && now >= state.repair.at;

const isOfOutage = ({ reason, diedAt, isSpent }: DeadLetter, from: number): boolean =>
  reason !== undefined && !isPermanent(reason) && diedAt >= from && !isSpent;
