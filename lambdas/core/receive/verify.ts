import type { Keys } from '../key-request.ts';
import type { FetchedKeySignature, SecretSignature } from '../schemes/scheme.ts';
import type { Secret } from '../verdict.ts';

/** The version of the secret that made a signature; undefined if none did. */
export const verify = (signature: SecretSignature, secrets: readonly Secret[]): Secret | undefined =>
  // HMAC takes an empty key, and everybody knows the empty key.
  secrets.find(({ value }) => value !== '' && signature.matches(value));

/**
 * Checks a signature with the key that the provider publishes. Rejects if the key cannot be fetched: that is not a reason to
 * refuse a delivery.
 */
export async function verifyPublished(
  signature: FetchedKeySignature,
  secrets: readonly Secret[],
  keys: Keys,
): Promise<Secret | undefined> {
  for (const secret of secrets) {
    const key = await keys.get(signature.keyFor(secret.value));
    if (key && signature.matches(secret.value, key)) return secret;
  }
  return undefined;
}
