import { encodeKey, eventKeyOf } from '../event-key.ts';
import type { LoggedDelivery, LoggedEvent, MissedLog } from '../missed-events.ts';
import { secureLogged } from './logged.ts';
import type { LogRun } from './logged.ts';
import { inParts, isLate } from './run.ts';

type Entry = LoggedEvent | LoggedDelivery;

/** Entries after which the cursor is moved. */
const PART = 50;

/** A stretch of a log: its entries, and the page at which it goes on if a bound was reached. */
interface Walk {
  readonly entries: readonly Entry[];
  readonly next: string | undefined;
  /** ISO 8601: everything before it is safe when the whole walk is. Empty if something was not safe in an earlier poll of it. */
  readonly until: string;
  /** False if a page could not be read. */
  readonly isWhole: boolean;
}

/**
 * Reads a log from its newest entry down to the cursor, and then makes its events safe from the oldest up. A log that is longer
 * than a poll's bounds is read on by the next poll, at the page at which this one ended. The cursor moves to the time at which
 * the reading began, once everything older is safe.
 */
export async function readLog(run: LogRun<MissedLog>): Promise<void> {
  const { missed, ports, state, tally } = run;
  const safeUntil = state.position === undefined ? run.startAt : Date.parse(state.position);
  const overlap = state.position === undefined ? 0 : missed.overlapSeconds * 1000;
  const { entries, next, until, isWhole } = await collect(run, new Date(safeUntil - overlap));
  const save = (changes: Parameters<typeof ports.cursor.save>[1]) => ports.cursor.save(ports.owner, changes);

  let isClean = until !== '';
  for (const part of inParts(oldestFirst(entries), PART)) {
    if (isLate(run)) {
      // Nothing is saved: the next poll reads the same entries, and knows those that are safe.
      tally.left += entries.length;
      return;
    }
    isClean = (await secureLogged(part, run)) && isClean;
    const reached = part.at(-1)?.at;
    const isLower = isClean && isWhole && next === undefined && reached !== undefined;
    // An entry may be of a time that has not come: nothing is safe until then.
    if (isLower && reached.getTime() > safeUntil && reached.getTime() < Date.parse(until))
      await save({ position: reached.toISOString() });
  }
  if (!isWhole) return;
  if (next !== undefined) await save({ walkNext: next, walkUntil: isClean ? until : '' });
  else await save({ ...(isClean && { position: until }), walkNext: '', walkUntil: '' });
}

async function collect(run: LogRun<MissedLog>, since: Date): Promise<Walk> {
  const { missed, api, bounds, tally, state } = run;
  let next = state.walkNext === '' ? undefined : state.walkNext;
  let until = next === undefined ? run.now.toISOString() : (state.walkUntil ?? '');
  const entries = new Map<string, Entry>();
  const seen = new Set<string>();
  const walk = (isWhole: boolean): Walk => ({ entries: [...entries.values()], next, until, isWhole });

  for (;;) {
    if (tally.pages >= bounds.maxPages || entries.size >= bounds.maxEvents || isLate(run)) {
      tally.left++;
      return walk(next !== undefined);
    }
    const page = await missed.page({ since, next }, api);
    if (!page.ok) {
      tally.fault('list', page.reason);
      // The page is gone. Reading from the newest entry processes nothing again: the events are known.
      if (page.reason !== 'unknown_position' || next === undefined || tally.pages > 0) return walk(false);
      next = undefined;
      until = run.now.toISOString();
      continue;
    }
    tally.pages++;
    const { entries: listed, reached, next: following } = page.value;
    for (const entry of listed.filter(({ at }) => isSince(at, since))) {
      const name = nameOf(entry);
      if (!entries.has(name)) entries.set(name, entry);
    }
    next = following !== undefined && isSince(reached, since) ? following : undefined;
    if (next === undefined) return walk(true);
    if (seen.has(next)) {
      tally.fault('list', 'repeated_page');
      return walk(false);
    }
    seen.add(next);
  }
}

const isSince = (at: Date | undefined, since: Date): boolean => at === undefined || at.getTime() >= since.getTime();

/** A log has an entry for each try: an event counts once, by its newest one. */
const nameOf = ({ envelope: { key }, ...entry }: Entry): string =>
  key !== undefined ? encodeKey(eventKeyOf(key)) : 'id' in entry ? `id ${entry.id}` : entry.body.toString('latin1');

const oldestFirst = (entries: readonly Entry[]): Entry[] =>
  [...entries].reverse().sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
