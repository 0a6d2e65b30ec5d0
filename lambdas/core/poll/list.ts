import { isTooDeep, writeJson } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { MalformedReason, MissedEvent } from '../missed-events.ts';

/** By what a provider knows an entry of its list, and where the entry is in it. */
type EntryPlace = Pick<MissedEvent, 'acknowledgeId' | 'position'>;

/**
 * Reads each entry of a provider's list. An entry that is not an object, or nests too deep to be worked on, is quarantined
 * under its hash: it keeps none of the others from being read, and the cursor and the acknowledgement pass it.
 */
export const readEntries = (
  list: readonly unknown[],
  read: (entry: JsonObject) => MissedEvent,
  placeOf: (entry: JsonObject) => EntryPlace,
): MissedEvent[] =>
  list.map((entry) => {
    if (!isObject(entry)) return unreadableEntry(entry, 'entry_not_object');
    return isTooDeep(entry) ? unreadableEntry(entry, 'entry_too_deep', placeOf(entry)) : read(entry);
  });

const isObject = (entry: unknown): entry is JsonObject =>
  typeof entry === 'object' && entry !== null && !Array.isArray(entry);

/** The event that stands for an entry which cannot be read: its body is the entry itself, and a person decides about it. */
export const unreadableEntry = (entry: unknown, malformed: MalformedReason, place: EntryPlace = {}): MissedEvent => ({
  body: Buffer.from(writeJson(entry)),
  envelope: { quarantine: 'unreadable_missed_event' },
  malformed,
  ...place,
});
