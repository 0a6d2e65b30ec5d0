import type { Delivery } from '../delivery.ts';
import { ReasonError } from '../errors.ts';
import type { Keys } from '../key-request.ts';
import type { Secrets } from '../ports.ts';
import { secretShapeFlaw } from '../provider-secret.ts';
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

/** A stored secret is not written as its provider writes secrets, so nobody knows whether a delivery is authentic. */
export class SecretShapeError extends ReasonError<'secret_wrong_shape'> {
  override readonly name = 'SecretShapeError';
}

/**
 * Proves a delivery authentic. A missing part of the request is found before any secret is read. Rejects if a secret or a key
 * cannot be read, or a stored secret cannot be one of this provider: a delivery must not be refused for that.
 */
export async function authenticate(
  delivery: Delivery,
  { provider, options, maxBodyBytes }: Source,
  now: Date,
  { secrets, keys }: AuthenticatePorts,
): Promise<Authenticated> {
  if (delivery.body.length > maxBodyBytes) return { ok: false, reason: 'body_too_large' };
  if (provider.handshakes?.token?.holds(delivery.body)) return { ok: false, reason: 'malformed_request' };
  const signature = schemeOf(provider, options).read(delivery, { now, options });
  if (!signature.ok) return signature;
  const accepted = await secrets.read();
  const found = await check(signature.value, accepted, keys);
  if (found) return { ok: true, secret: found };
  // A secret stored a moment ago is not in the cache yet.
  const fresh = await secrets.reread(accepted);
  const secret = fresh && (await check(signature.value, fresh, keys));
  if (secret) return { ok: true, secret };
  if ((fresh ?? accepted).some(({ value }) => secretShapeFlaw(provider, options, value) !== undefined))
    throw new SecretShapeError('secret_wrong_shape');
  return { ok: false, reason: 'signature_mismatch' };
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
