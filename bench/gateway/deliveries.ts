import { schemeOf } from '../../lambdas/core/provider.ts';
import { randomUUID } from 'node:crypto';
import { webhookPath } from '../../lambdas/contract.ts';
import { bodyOf } from '../bodies.ts';
import { benchSource } from '../sources.ts';

/** A delivery that is ready to be sent. */
export interface Signed {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A body of 1 KB of a new event. */
export function newBody(): Buffer {
  const { provider } = benchSource('osigu');
  const body = JSON.parse(bodyOf(provider, 1000 - 36, new Date()).toString('utf8')) as object;
  return Buffer.from(JSON.stringify({ ...body, event_id: `evt_bench${randomUUID()}` }));
}

/** Signs a body for Osigu, with the secret or, forged, with another one. */
export function sign(url: string, body: Buffer, secret: string): Signed {
  const { provider } = benchSource('osigu');
  const headers = schemeOf(provider, {}).sign({ url, body, secrets: [secret], now: new Date() }).headers;
  return { url, body, headers: { 'content-type': 'application/json', ...headers } };
}

export const routeOf = (gateway: string): string => gateway + webhookPath('osigu');

/** The local gateway's signing secret of the source. */
export const LOCAL_SECRET = 'local-secret-osigu';
