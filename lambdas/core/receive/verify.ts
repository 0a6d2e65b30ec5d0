import type { Keys } from '../key-request.ts';
import type { FetchedKeySignature, SecretSignature } from '../schemes/scheme.ts';
import type { Secret, Verdict } from '../verdict.ts';

const MISMATCH: Verdict = { ok: false, reason: 'signature_mismatch' };

/** Looks for the version of the secret that made a signature, and says which it was. */
export function verify(signature: SecretSignature, secrets: readonly Secret[]): Verdict {
  for (const { value, label, versionId } of secrets) {
    // HMAC takes an empty key, and everybody knows the empty key.
    if (value !== '' && signature.matches(value)) return { ok: true, secret: { label, versionId } };
  }
  return MISMATCH;
}

/**
 * Checks a signature with the key that the provider publishes. Rejects if the key cannot be fetched: that is not a reason to
 * refuse a delivery.
 */
export async function verifyPublished(
  signature: FetchedKeySignature,
  secrets: readonly Secret[],
  keys: Keys,
): Promise<Verdict> {
  for (const { value, label, versionId } of secrets) {
    const key = await keys.get(signature.keyFor(value));
    if (key && signature.matches(value, key)) return { ok: true, secret: { label, versionId } };
  }
  return MISMATCH;
}
