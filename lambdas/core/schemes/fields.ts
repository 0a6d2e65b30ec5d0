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

/** A type that a body writes in several fields, as `patients.saved`; undefined if none of them says anything. */
export function joinedType(...fields: readonly unknown[]): string | undefined {
  const texts = fields.flatMap((field) => readText(field) ?? []);
  return texts.length > 0 ? texts.join('.') : undefined;
}

/** The two fields of such a type, for a sample: what is before its last full stop, and what is behind it, if anything is. */
export function splitType(type: string): readonly [string, string?] {
  const at = type.lastIndexOf('.');
  return at > 0 && at < type.length - 1 ? [type.slice(0, at), type.slice(at + 1)] : [type];
}

/** An id as text, for a place that holds nothing else. */
export function readIdText(value: unknown): string | undefined {
  const id = readId(value);
  return id === undefined ? undefined : String(id);
}

const isExactInteger = (value: unknown): value is number => Number.isSafeInteger(value);
