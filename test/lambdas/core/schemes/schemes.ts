import type { KeyObject } from 'node:crypto';
import type { Delivery } from '../../../../lambdas/core/delivery.ts';
import type { Options } from '../../../../lambdas/core/envelope.ts';
import type { Scheme, SignInput } from '../../../../lambdas/core/schemes/scheme.ts';

export const NOW = new Date('2026-03-01T09:30:00.000Z');
export const URL_SEEN = 'https://hooks.example.com/webhooks/acme';
export const BODY = Buffer.from('{"id":"1"}');

/** A delivery that a scheme has signed; `changes` are made to it afterwards. */
export function signedBy(scheme: Scheme, input: Partial<SignInput> = {}, changes: Partial<Delivery> = {}): Delivery {
  const { signing } = scheme.secretFrom('seed');
  const all: SignInput = { url: URL_SEEN, body: BODY, secrets: [signing], now: NOW, ...input };
  const { headers, body = all.body, url = all.url } = scheme.sign(all);
  const lines = Object.entries({ ...input.headers, ...headers }).map(([name, value]) => [name, [value]] as const);
  return { method: all.method ?? 'POST', url, headers: new Map(lines), body, ...changes };
}

interface Context {
  readonly secret?: string;
  readonly now?: Date;
  readonly options?: Options;
  readonly key?: KeyObject;
}

/** Why a scheme refuses a delivery; `accepted` if it does not. */
export function outcome(scheme: Scheme, delivery: Delivery, context: Context = {}): string {
  const { secret = scheme.secretFrom('seed').stored, now = NOW, options = {}, key } = context;
  const signature = scheme.read(delivery, { now, options });
  if (!signature.ok) return signature.reason;
  if (!('keyFor' in signature.value)) return signature.value.matches(secret) ? 'accepted' : 'signature_mismatch';
  if (!key) throw new Error('a key is needed');
  return signature.value.matches(secret, key) ? 'accepted' : 'signature_mismatch';
}

/** The same delivery with another value of a header; several are several lines. */
export const withHeader = (delivery: Delivery, name: string, ...values: string[]): Delivery => ({
  ...delivery,
  headers: new Map([...delivery.headers, [name, values]]),
});

export const without = (delivery: Delivery, name: string): Delivery => ({
  ...delivery,
  headers: new Map([...delivery.headers].filter(([header]) => header !== name)),
});

export const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
