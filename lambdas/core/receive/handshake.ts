import type { Answer, Delivery } from '../delivery.ts';
import type { Secrets } from '../ports.ts';
import { HANDSHAKE_METHODS } from '../provider.ts';
import type { Source } from '../source.ts';

/** Whether a request can be nothing but a handshake. */
export const isHandshakeMethod = ({ method }: Delivery): boolean => HANDSHAKE_METHODS.includes(method);

/** The answer to a handshake that needs no secret; undefined if the delivery is none. */
export function answerEcho(delivery: Delivery, { provider, options }: Source, now: Date): Answer | undefined {
  return provider.handshakes?.echo?.(delivery, { now, options });
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
    const answer = handshakes.challenge(delivery, value, { now, options });
    if (answer) return answer;
  }
  return { status: handshakes.refusalStatus ?? rejectionStatus, body: { error: 'malformed_request' } };
}
