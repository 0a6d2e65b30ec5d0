import type { EventKey } from '../../lambdas/core/event-key.ts';
import { secretFrom } from '../../lambdas/core/provider-secret.ts';
import { identify } from '../../lambdas/core/receive/identify.ts';
import type { SenderSource } from '../sources.ts';
import { signed } from './signed.ts';

/**
 * The event key that the gateway gives to a body that the sender delivers: computed by the gateway's own code.
 *
 * @param signedAt the time at which it is signed, which some providers' keys hold
 */
export const eventKey = (source: SenderSource, body: Buffer, signedAt = new Date()): string =>
  identityOf(source, body, signedAt).key;

/** The same with its kind, for whoever looks it up in the ledger. */
export function identityOf({ name, provider, options }: SenderSource, body: Buffer, receivedAt = new Date()): EventKey {
  const url = 'http://127.0.0.1/';
  // A provider may say in a header which of the others are signed: with any secret, that header is the same.
  const { signing } = secretFrom(provider, options, 'any');
  const { headers } = signed({ source: { provider, options }, url, body, secret: signing, now: receivedAt });
  const delivery = {
    ...{ method: 'POST', url, body },
    headers: new Map(Object.entries(headers).map(([header, value]) => [header, [value]])),
  };
  const verdict = { ok: true, secret: { label: 'current', versionId: '' } } as const;
  const source = { name, provider, options, windowSeconds: 0, maxBodyBytes: body.length };
  return identify({ delivery, verdict, receivedAt }, source);
}
