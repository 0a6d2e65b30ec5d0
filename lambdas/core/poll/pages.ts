import { sha256 } from '../hash.ts';
import type { MissedList, MissedPage, Place } from '../missed-events.ts';
import { secureAll } from './entries.ts';
import { isLate } from './run.ts';
import type { PollRun } from './run.ts';

/** A poll of a provider that lists what it could not deliver. */
type ListRun = PollRun & { readonly missed: MissedList };

/**
 * Reads page after page and makes the events of each page safe, until no page is left or a bound is reached. Pages are not
 * acknowledged one by one, because that could move the entries of the pages that follow.
 */
export async function readPages(run: ListRun): Promise<void> {
  const { missed, api, bounds, tally, state } = run;
  const from = missed.cursor?.from(api.options);
  // A position counts only under the date with which it was reached.
  let place: Place = { position: (state.from ?? '') === (from ?? '') ? state.position : undefined };
  const follow = cursorFollower(run, from, place.position);
  const seen = new Set<string>();

  for (;;) {
    if (tally.pages >= bounds.maxPages || tally.handled >= bounds.maxEvents || isLate(run)) {
      tally.left++;
      return;
    }
    const page = await missed.list(place, api);
    if (!page.ok) {
      tally.fault('list', page.reason);
      // The entry at the position is gone. Reading from the beginning processes nothing again: the events are known.
      if (page.reason !== 'unknown_position' || place.position === undefined || tally.pages > 0) return;
      place = {};
      follow.forget();
      continue;
    }
    const { entries, next } = page.value;
    // Bad entries may be alike on two pages.
    const readable = entries.filter(({ malformed }) => malformed === undefined);
    const print = readable.length === 0 ? undefined : sha256(readable.map(({ body }) => sha256(body)).join());
    if ((print !== undefined && seen.has(print)) || (next !== undefined && seen.has(next))) {
      tally.fault('list', 'repeated_page');
      return;
    }
    if (print !== undefined) seen.add(print);
    if (next !== undefined) seen.add(next);

    tally.pages++;
    const allSafe = await secureAll(entries, run);
    await follow.after(page.value, allSafe);
    if (next === undefined) return;
    place = { ...place, next };
  }
}

/**
 * Moves the cursor behind the pages that are safe, less the overlap. It stops at an entry that is not safe, so that the next
 * poll reads that entry again; this poll goes on reading.
 */
function cursorFollower(run: ListRun, from: string | undefined, position: string | undefined) {
  const { missed, api, ports, tally } = run;
  const overlap = missed.cursor?.overlap(api.options) ?? 0;
  /** Positions read in this poll, in order, that the cursor has not passed. */
  let ahead: string[] = [];
  let saved = position;
  let moves = missed.cursor !== undefined;

  return {
    forget: (): void => void (saved = undefined),
    async after({ entries, inOrder = true }: MissedPage, allSafe: boolean): Promise<void> {
      if (missed.cursor && !inOrder) tally.fault('list', 'unexpected_order');
      moves &&= allSafe && inOrder;
      if (!moves) return;
      ahead = [...ahead, ...entries.flatMap((entry) => entry.position ?? [])];
      const passed = ahead.at(-1 - overlap);
      if (passed === undefined || passed === saved) return;
      ahead = ahead.slice(ahead.length - overlap);
      saved = passed;
      await ports.cursor.save(ports.owner, { position: passed, from: from ?? '' });
    },
  };
}
