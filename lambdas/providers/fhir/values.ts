import { isUsableId } from '../../core/http/api-url.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { readText } from '../../core/schemes/fields.ts';

/** The largest number that an integer64 holds: no JavaScript number is used for it. */
const MAX = 9_223_372_036_854_775_807n;

/**
 * A 64-bit number as its decimal digits, without leading zeros. The standard writes it as a text; servers also write a JSON number,
 * which is taken as far as JSON carries it exactly.
 */
export function readNumber(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) return undefined;
  const number = BigInt(value);
  return number <= MAX ? String(number) : undefined;
}

/** The text of an element: its own, or that of a reference; undefined if a reference has an identifier alone. */
export const readLink = (value: unknown): string | undefined =>
  isObject(value) ? readText(value.reference) : readText(value);

/** The resource that a reference leads to, whatever server it names. */
export interface Target {
  readonly type: string;
  readonly id: string;
  readonly version?: string | undefined;
}

/** Characters of the longest reference that is looked into. */
const MAX_REFERENCE = 2048;
const REFERENCE = /(?:^|\/)([A-Z][A-Za-z]{0,63})\/([^/?#\s]{1,250})(?:\/_history\/([^/?#\s]{1,250}))?$/;

/**
 * The resource that a reference names: `Encounter/2`, `https://a/fhir/Encounter/2` and `http://b/Encounter/2/_history/1` are the same
 * one, since servers write scheme and path differently from one field to the next. Undefined for what is none of these.
 */
export function readTarget(reference: string | undefined): Target | undefined {
  if (reference === undefined || reference.length > MAX_REFERENCE) return undefined;
  const [, type, id, version] = REFERENCE.exec(reference) ?? [];
  // Full stops alone would lead out of the path that a call names it in.
  return type === undefined || id === undefined || !isUsableId(id) ? undefined : { type, id, version };
}

/** The name of a resource within its server. */
export const targetName = ({ type, id }: Target): string => `${type}/${id}`;

/** The objects of a list; none if it is not one. */
export const objectsIn = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isObject) : [];
