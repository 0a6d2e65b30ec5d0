import { ReasonError } from '../../errors.ts';
import type { Registered } from '../../registration.ts';
import { areSameEvents, knownOf } from './memory.ts';
import type { Known } from './memory.ts';

/** The most registrations that are looked after, and the most bytes of them: the memory and the report share one item of the ledger. */
const MAX_KEPT = 400;
const MAX_BYTES = 80_000;

/** Too little time is left to begin another call. */
export class TooLate extends ReasonError<'late'> {
  override readonly name = 'TooLate';
}

/** The registrations that are looked after, the remembered ones first. */
export function within(own: readonly Registered[], known: readonly Known[]): readonly Registered[] {
  const ids = new Set(known.map(({ id }) => id));
  const kept: Registered[] = [];
  let bytes = 0;
  for (const each of own.toSorted((a, b) => Number(ids.has(b.id)) - Number(ids.has(a.id)))) {
    bytes += Buffer.byteLength(JSON.stringify(knownOf(each)));
    if (kept.length === MAX_KEPT || bytes > MAX_BYTES) break;
    kept.push(each);
  }
  return kept;
}

/** Whether one URL has two registrations of the same events: each event is then delivered twice, perhaps under two ids. */
export const areTwice = (own: readonly Registered[]): boolean =>
  own.some((a, index) => own.slice(index + 1).some((b) => a.url === b.url && areSameEvents(a.events, b.events)));
