import type { Answer, Delivery } from '../delivery.ts';
import type { Secrets } from '../ports.ts';
import { HANDSHAKE_METHODS } from '../provider.ts';
import type { Source } from '../source.ts';

/** Whether a request can be nothing but a handshake. */
export const isHandshakeMethod = ({ method }: Delivery): boolean => HANDSHAKE_METHODS.includes(method);

/** The answer to a handshake that needs no secret; undefined if the delivery is none. A body that is too large is none. */
export function answerEcho(
  delivery: Delivery,
  { provider, options, maxBodyBytes }: Source,
  now: Date,
): Answer | undefined {
  if (delivery.body.length > maxBodyBytes) return undefined;
  return orNothing(() => provider.handshakes?.echo?.(delivery, { now, options }));
}

/**
 * The answer to a handshake by GET or HEAD that the secret proves; undefined if the provider has none. Rejects if the secret
 * cannot be read.
 */
export async function answerChallenge(
  delivery: Delivery,
  { provider, options }: Source,
  now: Date,
  secrets: Secrets,
): Promise<Answer | undefined> {
  const { handshakes, rejectionStatus } = provider;
  if (!handshakes?.challenge || !provider.methods.some((method) => method === delivery.method)) return undefined;
  for (const { value } of await secrets.read()) {
    const answer = orNothing(() => handshakes.challenge?.(delivery, value, { now, options }));
    if (answer) return answer;
  }
  return { status: handshakes.refusalStatus ?? rejectionStatus, body: { error: 'malformed_request' } };
}

/**
 * The answer of a provider's own code; nothing if it throws. Anybody can send a request that it throws at, so it must not count as a
 * fault of ours, which pages somebody: the request is not a handshake, and is refused like any other that is not signed.
 */
function orNothing(answer: () => Answer | undefined): Answer | undefined {
  try {
    return answer();
  } catch {
    return undefined;
  }
}
