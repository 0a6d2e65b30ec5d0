import { accept } from '../accept.ts';
import { errorName } from '../errors.ts';
import { identifyMissed } from '../receive/identify.ts';
import type { MissedEvent } from '../missed-events.ts';
import type { EntryOutcome } from './report.ts';
import { inParts, isLate } from './run.ts';
import type { PollRun } from './run.ts';
import { isReconcilable } from '../reconcile.ts';

/** Entries that are handled side by side. */
const AT_ONCE = 10;

/** Makes the events of a page safe. Returns whether all of them are. An event that fails does not stop the others. */
export async function secureAll(entries: readonly MissedEvent[], run: PollRun): Promise<boolean> {
  const { tally, bounds, safe } = run;
  tally.listed += entries.length;
  let waiting = entries.length;
  let allSafe = true;
  for (const part of inParts(entries, AT_ONCE)) {
    if (isLate(run) || tally.handled >= bounds.maxEvents) break;
    const outcomes = await Promise.all(part.map((entry) => secure(entry, run)));
    waiting -= part.length;
    for (const [index, { acknowledgeId }] of part.entries()) {
      if (outcomes[index] === 'failed') allSafe = false;
      else if (acknowledgeId !== undefined) safe.push(acknowledgeId);
    }
    // If every event fails, a service is down: more tries would cost time that the next poll has.
    if (part.length === AT_ONCE && outcomes.every((outcome) => outcome === 'failed')) break;
  }
  tally.left += waiting;
  return allSafe && waiting === 0;
}

/** Makes one event safe: known, or accepted as a delivered one is, or in quarantine. Never throws. */
async function secure(entry: MissedEvent, run: PollRun): Promise<EntryOutcome> {
  const { tally } = run;
  if (entry.malformed) tally.countMalformed(entry.malformed);
  const event = identifyMissed(entry, run.source, run.now);
  if (event.time !== undefined && Date.parse(event.time) < run.startAt) {
    tally.entry('earlier', event.time);
    return 'earlier';
  }
  let outcome: EntryOutcome;
  try {
    const isKnown = isReconcilable(event) && (await run.ports.ledger.isKnown(event));
    const acceptance = isKnown ? 'duplicate' : await accept(event, run.ports);
    outcome = acceptance === 'duplicate' ? 'known' : acceptance === 'accepted' ? 'accepted' : 'quarantined';
  } catch (error) {
    tally.fault('accept', errorName(error));
    outcome = 'failed';
  }
  tally.entry(outcome, event.time);
  return outcome;
}
