import { errorName } from '../errors.ts';
import type { Ledger } from '../ports.ts';
import type { Observer } from '../observer.ts';
import { admit } from './admit.ts';
import type { AdmitPorts, Admission } from './admit.ts';
import { afterProbe, isRamping, judge, untaken } from './breaker.ts';
import type { BreakerState } from './breaker.ts';
import { processBatch } from './process.ts';
import type { ProcessPorts } from './process.ts';
import type { QueueRecord } from './take.ts';
import { Tally } from './tally.ts';
import { isAlert } from './tries-window.ts';
import type { Report } from './tries-window.ts';

export interface GuardedPorts extends ProcessPorts, AdmitPorts {
  readonly observer: Observer;
  readonly ledger: Ledger;
  /** Whether failing tries slow the source, and then pause it. */
  readonly breaks: boolean;
  /** Of this container, from one invocation to the next. */
  readonly tally: Tally;
}

/**
 * Processes as much of a batch as the source may have now, and tells the breaker how the tries went. Returns the ids of the
 * messages that must come back, each at its own time.
 */
export async function processGuarded(records: readonly QueueRecord[], ports: GuardedPorts): Promise<string[]> {
  const admission = await admit(records, ports);
  const { admitted, held, isProbe, probeHold } = admission;
  const tally = isProbe ? new Tally() : ports.tally;
  const left = await processBatch(admitted, {
    ...ports,
    tried: (id, reason) => tally.note(id, reason, ports.clock()),
    ...(isProbe && { probeHold }),
  });
  if (ports.breaks)
    await tell(admission, tally, ports).catch((error: unknown) => ports.observer.breakerFailed(errorName(error)));
  return [...held, ...left];
}

async function tell({ view, isProbe }: Admission<QueueRecord>, tally: Tally, ports: GuardedPorts): Promise<void> {
  const { breaker, clock, observer } = ports;
  const now = clock();
  let change: (state: BreakerState) => BreakerState;
  let report: Report | undefined;
  if (isProbe) {
    if (tally.hasTried && !tally.hasSuccesses) return;
    change = (state) => (tally.hasTried ? afterProbe(state, true, now) : untaken(state, now));
  } else {
    const { state } = view;
    const due = tally.take(state.phase !== 'closed' || isRamping(state, now) || isAlert(state.window, now), now);
    if (!due) return;
    report = due;
    change = (state) => judge(state, due, now);
  }
  let moved: BreakerState | undefined;
  try {
    await breaker.change((state) => {
      const next = change(state);
      moved = next.phase === state.phase ? undefined : next;
      return next === state ? undefined : next;
    });
  } catch (error) {
    // If its answer alone was lost it is told twice: that is the lesser harm.
    if (report) tally.putBack(report);
    throw error;
  }
  if (moved) observer.breakerMoved(moved.phase, moved.kind);
}
