import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Delivery } from '../../lambdas/core/delivery.ts';
import { schemeOf } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { verify } from '../../lambdas/core/receive/verify.ts';
import { cgiEscape } from '../../lambdas/core/schemes/cgi-escape.ts';
import { providerNamed } from '../../lambdas/providers/index.ts';
import { bodyOf } from '../bodies.ts';
import type { Subject } from '../measure.ts';
import { defaultOptionsOf, SECRET, URL_OF_SOURCE } from '../sources.ts';

const SECRETS = [{ value: SECRET, label: 'current', versionId: 'bench' }] as const;

export const BARE = 'bare HMAC';

/** A provider's verification, and beside it nothing but the HMAC and the comparison of the same signed bytes. */
export function ourSubjects(name: string, bytes: number, now: Date): Subject[] {
  const provider = providerNamed(name);
  const body = bodyOf(provider, bytes, now);
  const headers = schemeOf(provider, {}).sign({ url: URL_OF_SOURCE, body, secrets: [SECRET], now }).headers;
  const delivery: Delivery = {
    method: 'POST',
    url: URL_OF_SOURCE,
    headers: new Map(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), [value]])),
    body,
  };
  return [
    { name, run: verification(provider, delivery, now) },
    { name: BARE, run: bareHmac(...signedBytes(provider, delivery)) },
  ];
}

function verification(provider: Provider, delivery: Delivery, now: Date): () => void {
  const context = { now, options: defaultOptionsOf(provider) };
  const scheme = schemeOf(provider, context.options);
  return () => {
    const signature = scheme.read(delivery, context);
    if (!signature.ok || 'keyFor' in signature.value || !verify(signature.value, SECRETS))
      throw new Error(`${provider.title} refused its own signature`);
  };
}

type SignedBytes = readonly [hash: string, key: string, bytes: Buffer];

/** What the provider signs, put together beforehand. */
function signedBytes({ name }: Provider, { method, url, headers, body }: Delivery): SignedBytes {
  const [first = ''] = headers.get('x-osigu-signature') ?? headers.get('x-nabla-webhook-timestamp') ?? [];
  const joined = (...parts: readonly (string | Buffer)[]): Buffer =>
    Buffer.concat(parts.map((part) => Buffer.from(part)));
  if (name === 'osigu') return ['sha256', SECRET, joined(/t=(\d+)/.exec(first)?.[1] ?? '', '.', body)];
  if (name === 'nabla') return ['sha256', SECRET, joined(first, body)];
  if (name !== 'honeybee') return ['sha256', SECRET, body];
  const key = createHash('sha256').update(SECRET).digest('hex');
  return ['sha1', key, cgiEscape(joined(method, url, body))];
}

function bareHmac(hash: string, key: string, bytes: Buffer): () => void {
  const expected = createHmac(hash, key).update(bytes).digest();
  return () => {
    if (!timingSafeEqual(createHmac(hash, key).update(bytes).digest(), expected)) throw new Error('no match');
  };
}
