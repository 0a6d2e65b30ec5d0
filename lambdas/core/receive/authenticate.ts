import type { Delivery } from '../delivery.ts';
import type { Keys } from '../key-request.ts';
import type { Secrets } from '../ports.ts';
import { schemeOf } from '../provider.ts';
import type { Signature } from '../schemes/scheme.ts';
import type { Source } from '../source.ts';
import type { RejectionReason, Secret } from '../verdict.ts';
import { verify, verifyPublished } from './verify.ts';

export interface AuthenticatePorts {
  readonly secrets: Secrets;
  /** Only for a provider that publishes its keys. */
  readonly keys?: Keys;
}

/** The version of the secret that a delivery was signed with, or why the delivery is refused. */
export type Authenticated =
  { readonly ok: true; readonly secret: Secret } | { readonly ok: false; readonly reason: RejectionReason };

/**
 * Proves a delivery authentic. What the request lacks is found before any secret is read. Rejects if a secret or a key cannot be
 * read: a delivery must not be refused for that.
 */
export async function authenticate(
  delivery: Delivery,
  { provider, options, maxBodyBytes }: Source,
  now: Date,
  { secrets, keys }: AuthenticatePorts,
): Promise<Authenticated> {
  if (delivery.body.length > maxBodyBytes) return { ok: false, reason: 'body_too_large' };
  const signature = schemeOf(provider, options).read(delivery, { now, options });
  if (!signature.ok) return signature;
  const accepted = await secrets.read();
  const found = await check(signature.value, accepted, keys);
  if (found) return { ok: true, secret: found };
  // A secret stored a moment ago is not in the cache yet.
  const fresh = await secrets.reread(accepted);
  const secret = fresh && (await check(signature.value, fresh, keys));
  return secret ? { ok: true, secret } : { ok: false, reason: 'signature_mismatch' };
}

function check(
  signature: Signature,
  accepted: readonly Secret[],
  keys: Keys | undefined,
): Secret | undefined | Promise<Secret | undefined> {
  if (!('keyFor' in signature)) return verify(signature, accepted);
  if (!keys) throw new Error('the verifier was given nothing to fetch keys with');
  return verifyPublished(signature, accepted, keys);
}
