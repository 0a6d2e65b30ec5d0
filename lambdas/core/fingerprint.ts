import { sha256 } from './hash.ts';

/** Hex digits of each part. */
const DIGITS = 16;
const UNKNOWN = '-';

/** A fingerprint that states nothing: the event's key says it all. */
export const NO_FINGERPRINT = UNKNOWN;

/**
 * What two deliveries of one event have in common although their bytes differ: a list of facts, each hashed, or unknown if a delivery
 * does not state it.
 */
export const fingerprintOf = (...facts: readonly (string | undefined)[]): string =>
  facts.map((fact) => (fact === undefined ? UNKNOWN : sha256(fact).slice(0, DIGITS))).join('.');

/** Whether two fingerprints are of two events: a fact that both state differs. */
export function areOfTwoEvents(one: string, other: string): boolean {
  const others = other.split('.');
  return one.split('.').some((fact, index) => {
    const counterpart = others[index] ?? UNKNOWN;
    return fact !== UNKNOWN && counterpart !== UNKNOWN && fact !== counterpart;
  });
}
