import type { EventId } from '../event-key.ts';

/** A field's value if it is a text that says something; undefined for anything else. */
export const readText = (value: unknown): string | undefined =>
  // Half a surrogate pair has no UTF-8: two such ids would become one in the ledger.
  typeof value === 'string' && value.trim() !== '' && value.isWellFormed() ? value : undefined;

/**
 * A field's value if it can identify an event: a text, or an integer. The number 123 is not the text "123". A number that JSON
 * cannot carry exactly identifies nothing, because two of them can come out as one.
 */
export const readId = (value: unknown): EventId | undefined => (isExactInteger(value) ? value : readText(value));

/** An id as text, for a place that holds nothing else. */
export function readIdText(value: unknown): string | undefined {
  const id = readId(value);
  return id === undefined ? undefined : String(id);
}

const isExactInteger = (value: unknown): value is number => Number.isSafeInteger(value);
