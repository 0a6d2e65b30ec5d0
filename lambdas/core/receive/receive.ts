import { accept } from '../accept.ts';
import { errorName } from '../errors.ts';
import type { AcceptPorts } from '../accept.ts';
import type { Answer, Delivery } from '../delivery.ts';
import { identify } from './identify.ts';
import type { Keys } from '../key-request.ts';
import type { Clock, Secrets } from '../ports.ts';
import { schemeOf } from '../provider.ts';
import type { Provider } from '../provider.ts';
import type { Signature } from '../schemes/scheme.ts';
import type { Source } from '../source.ts';
import type { RejectionReason, Secret, Verdict } from '../verdict.ts';
import { verify, verifyPublished } from './verify.ts';

export interface ReceivePorts extends AcceptPorts {
  readonly secrets: Secrets;
  /** Only for a provider that publishes its keys. */
  readonly keys?: Keys;
  readonly clock: Clock;
}

/**
 * The way of a delivery: verify, claim, enqueue, mark, answer. An answer of 200 means that the event is safe in a queue, or
 * was known before; after any other answer the provider tries again.
 */
export async function receive(delivery: Delivery, source: Source, ports: ReceivePorts): Promise<Answer> {
  const { observer, clock } = ports;
  const { provider } = source;
  const receivedAt = new Date(clock());
  observer.received();

  const handshake = provider.handshake?.(delivery, { now: receivedAt, options: source.options });
  if (handshake) return handshake;
  if (delivery.method !== 'POST') return methodNotAllowed(provider);

  let verdict: Verdict;
  try {
    verdict = await authenticate(delivery, source, receivedAt, ports);
  } catch (error) {
    observer.unavailable('verify', errorName(error));
    return UNAVAILABLE;
  }
  if (!verdict.ok) {
    observer.rejected(verdict.reason);
    return rejection(verdict.reason, provider);
  }
  observer.verified(verdict.secret.label);

  const event = identify({ delivery, verdict, receivedAt }, source);
  try {
    const status = await accept(event, ports);
    return { status: 200, body: { status } };
  } catch (error) {
    observer.unavailable('accept', errorName(error));
    return UNAVAILABLE;
  } finally {
    observer.acknowledged(clock() - receivedAt.getTime());
  }
}

/** Proves the delivery authentic. A request that lacks something is refused before any secret is read. */
async function authenticate(
  delivery: Delivery,
  source: Source,
  now: Date,
  { secrets, keys }: Pick<ReceivePorts, 'secrets' | 'keys'>,
): Promise<Verdict> {
  if (delivery.body.length > source.maxBodyBytes) return { ok: false, reason: 'body_too_large' };
  const { provider, options } = source;
  const signature = schemeOf(provider, options).read(delivery, { now, options });
  if (!signature.ok) return signature;
  const accepted = await secrets.read();
  const verdict = await check(signature.value, accepted, keys);
  if (verdict.ok) return verdict;
  // A secret that was stored a moment ago is not in the cache yet.
  const fresh = await secrets.reread(accepted);
  return fresh ? check(signature.value, fresh, keys) : verdict;
}

function check(signature: Signature, accepted: readonly Secret[], keys?: Keys): Verdict | Promise<Verdict> {
  if (!('keyFor' in signature)) return verify(signature, accepted);
  if (!keys) throw new Error('the verifier was given nothing to fetch keys with');
  return verifyPublished(signature, accepted, keys);
}

const UNAVAILABLE: Answer = { status: 503, headers: { 'retry-after': '5' }, body: { error: 'unavailable' } };

const methodNotAllowed = (provider: Provider): Answer => ({
  status: 405,
  headers: { allow: provider.methods.join(', ') },
  body: { error: 'method_not_allowed' },
});

/** The status that says why: 413 for a body that is too large, 400 for a malformed request, else what the provider expects. */
function rejection(reason: RejectionReason, provider: Provider): Answer {
  const status = reason === 'body_too_large' ? 413 : reason === 'malformed_request' ? 400 : provider.rejectionStatus;
  return { status, body: { error: reason } };
}
