import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hash,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Delivery } from '../../lambdas/core/delivery.ts';
import { secretFrom } from '../../lambdas/core/provider-secret.ts';
import { sampleOf, schemeOf } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { cgiEscape } from '../../lambdas/core/schemes/cgi-escape.ts';
import { hmacSpecOf } from '../../lambdas/core/schemes/hmac.ts';
import { keyReader } from '../../lambdas/core/schemes/keys.ts';
import type { SecretPair } from '../../lambdas/core/schemes/scheme.ts';
import { providerNamed, providers } from '../../lambdas/providers/index.ts';
import { bodyOf } from '../bodies.ts';
import type { Subject } from '../measure.ts';
import { defaultOptionsOf, SECRET, URL_OF_SOURCE } from '../sources.ts';

export const BARE = 'bare primitive';

/** Those whose scheme is measured for all that have the same: the nearest of the libraries, and one by hand. */
const FIRST = ['osigu', 'optum', 'honeybee'];

const kindOf = (provider: Provider): string => {
  const { title, coverage, replayWindowSeconds } = schemeOf(provider, defaultOptionsOf(provider));
  return [title, coverage, replayWindowSeconds === undefined ? 'no time' : 'time'].join();
};

/** One provider of each kind of scheme that takes any body: the others of the kind run the same code. */
export function representatives(): string[] {
  const all = [...FIRST.map(providerNamed), ...providers.values()].filter(signsAnyBody);
  const kinds = new Map<string, string>();
  for (const provider of all) if (!kinds.has(kindOf(provider))) kinds.set(kindOf(provider), provider.name);
  return [...kinds.values()];
}

/** Whether the signature is in headers: one in the body or in the URL takes a body of its own. */
function signsAnyBody(provider: Provider): boolean {
  const scheme = schemeOf(provider, defaultOptionsOf(provider));
  return scheme.headers.some(({ carries }) => carries === 'signature' || carries === 'token');
}

/** The most that a scheme may take, in times of its bare primitive, by kilobytes of the body; undefined if there is no goal. */
export function goalOf(name: string, kilobytes: number): number | undefined {
  const provider = providerNamed(name);
  const scheme = schemeOf(provider, defaultOptionsOf(provider));
  if (!hmacSpecOf(scheme)) return undefined;
  if (kilobytes === 1) return scheme.replayWindowSeconds === undefined ? 1.15 : 1.25;
  return kilobytes === 100 ? 1.03 : undefined;
}

/** A provider's verification, and beside it nothing but the primitive and the comparison, on the same signed bytes. */
export function ourSubjects(name: string, bytes: number, now: Date): Subject[] {
  const provider = providerNamed(name);
  const options = defaultOptionsOf(provider);
  const scheme = schemeOf(provider, options);
  const pair = secretFrom(provider, options, SECRET);
  const body = bodyOf(providerNamed('osigu'), bytes, now);
  const { headers } = sampleOf(provider, { id: 'bench', now, options });
  const input = { url: URL_OF_SOURCE, body, now, headers, options };
  const signed = scheme.sign({ ...input, secrets: [pair.signing] });
  const all = { ...headers, ...signed.headers };
  const delivery: Delivery = {
    method: 'POST',
    // A signature may be in the URL, or in the body.
    url: signed.url ?? URL_OF_SOURCE,
    headers: new Map(Object.entries(all).map(([header, value]) => [header.toLowerCase(), [value]])),
    body: signed.body ?? body,
  };
  return [
    { name, run: verification(provider, delivery, now, pair) },
    { name: BARE, run: bare(provider, delivery, now, pair) },
  ];
}

function verification(provider: Provider, delivery: Delivery, now: Date, { stored, signing }: SecretPair): () => void {
  const context = { now, options: defaultOptionsOf(provider) };
  const scheme = schemeOf(provider, context.options);
  const published = scheme.fetchesKeys ? createPublicKey(createPrivateKey(signing)) : undefined;
  return () => {
    const read = scheme.read(delivery, context);
    if (!read.ok || !isMade(read.value)) throw new Error(`${provider.title} refused its own signature`);
  };
  function isMade(signature: Extract<ReturnType<typeof scheme.read>, { ok: true }>['value']): boolean {
    if (!('keyFor' in signature)) return signature.matches(stored);
    return published !== undefined && signature.matches(stored, published);
  }
}

/**
 * The primitive of a scheme on the signed bytes: a MAC, a public-key signature, or the hash of a token. If a short text is signed that
 * names the body's digest, it is the primitive on so short a text, and the digest.
 */
function bare(provider: Provider, delivery: Delivery, now: Date, pair: SecretPair): () => void {
  const { title, coverage, replayWindowSeconds } = schemeOf(provider, defaultOptionsOf(provider));
  const { method, url, body } = delivery;
  const isShort = coverage !== 'body' || /^JWT|digest of its body/.test(title);
  const time = replayWindowSeconds === undefined ? '' : `${Math.floor(now.getTime() / 1000)}.`;
  const whole = title.includes('escaped')
    ? cgiEscape(Buffer.concat([Buffer.from(method + url), body]))
    : title.includes('JWS')
      ? Buffer.from(body.toString('base64url'))
      : Buffer.concat([Buffer.from(time), body]);
  const check = primitive(provider, isShort ? body.subarray(0, 100) : whole, pair);
  if (!isShort || coverage === 'caller') return check;
  return () => {
    hash('sha256', body, 'buffer');
    check();
  };
}

function primitive(provider: Provider, bytes: Buffer, { stored, signing }: SecretPair): () => void {
  const scheme = schemeOf(provider, defaultOptionsOf(provider));
  const { title } = scheme;
  const sha = title.startsWith('JWT, HS') ? '256' : /^HMAC-SHA-(\d+)/.exec(title)?.[1];
  if (sha !== undefined) {
    const spec = hmacSpecOf(scheme);
    const key = (spec && keyReader(spec.key)(stored)) ?? Buffer.from(stored);
    return bareHmac(`sha${sha}`, createSecretKey(key), bytes);
  }
  if (signing.includes('PRIVATE KEY')) return barePublicKey(createPrivateKey(signing), title, bytes);
  const expected = hash('sha256', stored, 'buffer');
  return () => {
    if (!timingSafeEqual(hash('sha256', stored, 'buffer'), expected)) throw new Error('no match');
  };
}

/** With a key object: Node takes five times as long to make one of bytes as the MAC of a small body takes. */
function bareHmac(algorithm: string, key: KeyObject, bytes: Buffer): () => void {
  const expected = createHmac(algorithm, key).update(bytes).digest();
  return () => {
    if (!timingSafeEqual(createHmac(algorithm, key).update(bytes).digest(), expected)) throw new Error('no match');
  };
}

function barePublicKey(key: KeyObject, title: string, bytes: Buffer): () => void {
  const digest = title.startsWith('Ed25519')
    ? null
    : title.includes('SHA-1')
      ? 'sha1'
      : title.includes('512')
        ? 'sha512'
        : 'sha256';
  const [signature, publicKey] = [sign(digest, bytes, key), createPublicKey(key)];
  return () => {
    if (!verify(digest, bytes, publicKey, signature)) throw new Error('no match');
  };
}
