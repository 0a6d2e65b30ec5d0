import { identify } from '../../lambdas/core/receive/identify.ts';
import type { SenderSource } from '../sources.ts';

/** The event key that the gateway gives to a body: computed by the gateway's own code. */
export function eventKey({ name, provider, options }: SenderSource, body: Buffer): string {
  const receivedAt = new Date();
  const delivery = { method: 'POST', url: 'http://127.0.0.1/', headers: new Map<string, string[]>(), body };
  const verdict = { ok: true, secret: { label: 'current', versionId: '' } } as const;
  const source = { name, provider, options, windowSeconds: 0, maxBodyBytes: body.length };
  return identify({ delivery, verdict, receivedAt }, source).key;
}
