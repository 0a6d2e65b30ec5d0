/** A field's value where it is a text that says something; undefined for anything else. */
export const readText = (value: unknown): string | undefined =>
  // Half a surrogate pair has no UTF-8: two such ids would become one in the ledger.
  typeof value === 'string' && value.trim() !== '' && value.isWellFormed() ? value : undefined;

/**
 * A field's value where it can identify an event: a text, or an integer, as its digits. A number that JSON cannot carry
 * exactly identifies nothing, for two of them can come out as one.
 */
export const readId = (value: unknown): string | undefined =>
  Number.isSafeInteger(value) ? String(value) : readText(value);
