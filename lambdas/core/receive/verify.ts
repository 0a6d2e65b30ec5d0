import { timingSafeEqual } from 'node:crypto';
import type { Claim } from '../provider.ts';
import type { Secret, Verdict } from '../verdict.ts';

/** Constant-time comparison; a MAC of another length never matches. */
const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/**
 * Compares what a delivery claims with what each accepted secret yields, and says which version matched. Each secret's MAC
 * is computed once, however many signatures came.
 */
export function verify(claim: Claim, secrets: readonly Secret[]): Verdict {
  for (const { value, label, versionId } of secrets) {
    // HMAC takes an empty key, and everybody knows that one.
    if (value === '') continue;
    const mac = claim.mac(value);
    for (const candidate of claim.candidates)
      if (same(candidate, mac)) return { ok: true, secret: { label, versionId } };
  }
  return { ok: false, reason: 'signature_mismatch' };
}
