import { sha256 } from './hash.ts';
import { findSlices } from './json-slices.ts';
import { parseObject } from './json.ts';

/** Hex digits of each part. */
const DIGITS = 16;
const UNKNOWN = '-';

/** A fingerprint that states nothing: the event's key says it all. */
export const NO_FINGERPRINT = UNKNOWN;

/**
 * The facts that two deliveries of one event share although their bytes differ: a list, each fact hashed, or unknown if a delivery
 * does not state it.
 */
export const fingerprintOf = (...facts: readonly (string | undefined)[]): string =>
  facts.map((fact) => (fact === undefined ? UNKNOWN : sha256(fact).slice(0, DIGITS))).join('.');

/**
 * The fingerprint of a JSON text without the values that its provider changes from attempt to attempt; undefined if it has none of
 * them. `fields` are paths, their names separated by dots.
 */
export function fingerprintWithout(fields: readonly string[], text: Buffer): string | undefined {
  // Places are looked for in JSON alone.
  if (fields.length === 0 || parseObject(text) === undefined) return undefined;
  const values = fields.flatMap((path) => findSlices(text, path.split('.'))).map(({ at }) => at);
  if (values.length === 0) return undefined;
  const left: Buffer[] = [];
  let after = 0;
  for (const [start, end] of values.toSorted(([a], [b]) => a - b)) {
    // A field may be inside another one.
    if (start < after) continue;
    left.push(text.subarray(after, start));
    after = end;
  }
  return sha256(Buffer.concat([...left, text.subarray(after)]));
}

/** The hash by which bodies are told apart: of what deliveries of one event have in common, or of the whole. */
export const bodyIdentity = ({
  bodyHash,
  fingerprint,
}: {
  readonly bodyHash: string;
  readonly fingerprint?: string;
}) => (fingerprint === undefined ? bodyHash : sha256(fingerprint));

/** Whether two fingerprints are of two events: a fact that both state differs. */
export function areOfTwoEvents(one: string, other: string): boolean {
  const others = other.split('.');
  return one.split('.').some((fact, index) => {
    const counterpart = others[index] ?? UNKNOWN;
    return fact !== UNKNOWN && counterpart !== UNKNOWN && fact !== counterpart;
  });
}
