import type { EventKey } from '../../lambdas/core/event-key.ts';
import { identify } from '../../lambdas/core/receive/identify.ts';
import type { SenderSource } from '../sources.ts';
import { headersOf } from './signed.ts';

/** The event key that the gateway gives to a body that the sender delivers: computed by the gateway's own code. */
export const eventKey = (source: SenderSource, body: Buffer): string => identityOf(source, body).key;

/** The same with its kind, for whoever looks it up in the ledger. */
export function identityOf({ name, provider, options }: SenderSource, body: Buffer): EventKey {
  const receivedAt = new Date();
  const headers = new Map(
    Object.entries(headersOf({ provider, options }, body)).map(([name, value]) => [name, [value]]),
  );
  const delivery = { method: 'POST', url: 'http://127.0.0.1/', headers, body };
  const verdict = { ok: true, secret: { label: 'current', versionId: '' } } as const;
  const source = { name, provider, options, windowSeconds: 0, maxBodyBytes: body.length };
  return identify({ delivery, verdict, receivedAt }, source);
}
