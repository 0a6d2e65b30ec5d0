import { randomUUID } from 'node:crypto';
import { sha256 } from '../../lambdas/core/hash.ts';
import { secretFrom } from '../../lambdas/core/provider-secret.ts';
import { sampleOf, schemeOf } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import type { Coverage } from '../../lambdas/core/schemes/scheme.ts';
import type { SenderSource } from '../sources.ts';

/** How a delivery departs from what the provider would send. */
export interface Flaws {
  /** Signed with another secret. */
  readonly forge?: boolean;
  /** Signed so long ago that it is outside of the provider's replay window. */
  readonly stale?: boolean;
  /** Its body is another one than was signed. */
  readonly alter?: boolean;
}

/** A delivery that is ready to be sent; `url` is where it goes. */
export interface SignedDelivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

type SignedSource = Pick<SenderSource, 'provider' | 'options'>;

export interface SigningInput {
  readonly source: SignedSource;
  /** Where the delivery goes. */
  readonly url: string;
  readonly body: Buffer;
  readonly secret: string;
  readonly now: Date;
  readonly flaws?: Flaws;
}

/** The age of a stale delivery, unless the provider's replay window is longer. */
const STALE_SECONDS = 3600;

/** Signs a body as the provider would, apart from the flaws asked for. */
export function signed({ source, url, body, secret, now, flaws = {} }: SigningInput): SignedDelivery {
  const { provider, options } = source;
  // If the source states its public URL, the provider has that URL on file, wherever this delivery goes.
  const { publicUrl } = options;
  const carried = { 'content-type': 'application/json', ...headersOf(source, body) };
  const scheme = schemeOf(provider, options);
  const age = Math.max(STALE_SECONDS, 2 * (scheme.replayWindowSeconds ?? 0));
  const registered = typeof publicUrl === 'string' ? publicUrl : url;
  const signature = scheme.sign({
    url: registered,
    body,
    secrets: [flaws.forge ? secretFrom(provider, options, `forged-${randomUUID()}`).signing : secret],
    now: flaws.stale ? new Date(now.getTime() - age * 1000) : now,
    headers: carried,
    options,
  });
  // Signing may have put a token into the query of the URL.
  const query = signature.url?.slice(registered.length) ?? '';
  const sent = signature.body ?? body;
  return {
    url: url + query,
    headers: { ...carried, ...signature.headers },
    body: flaws.alter ? altered(sent) : sent,
  };
}

/** The bytes with their last letter or digit replaced by another one, so that a body is still of its kind. */
export function altered(body: Buffer): Buffer {
  const at = body.findLastIndex((byte) => /^[a-z\d]$/i.test(String.fromCharCode(byte)));
  if (at < 0) return Buffer.concat([body, Buffer.from('0')]);
  const changed = Buffer.from(body);
  changed[at] = (changed[at] ?? 0) === ZERO ? ZERO + 1 : ZERO;
  return changed;
}

const ZERO = '0'.charCodeAt(0);

/** The headers beside the signature with which the provider would send a body: an id among them follows from the body. */
export const headersOf = ({ provider, options }: SignedSource, body: Buffer): Readonly<Record<string, string>> =>
  sampleOf(provider, { id: sha256(body).slice(0, 32), now: new Date(0), options }).headers;

/** Whether a provider signs a timestamp, so that an old delivery can be told from a new one. */
export const signsTime = ({ provider, options }: SignedSource): boolean =>
  schemeOf(provider, options).replayWindowSeconds !== undefined;

/** The part of a delivery that a source's signatures prove. */
export const coverageOf = ({ provider, options }: SignedSource): Coverage => schemeOf(provider, options).coverage;

/** A new event, as the provider would write it for this source. */
export const sample = ({ provider, options }: SignedSource, now: Date, type?: string): Buffer =>
  sampleOf(provider, { id: randomUUID(), now, options, ...(type !== undefined && { type }) }).body;

/** Whether a status is the right answer: 2xx for a delivery without a flaw, the provider's rejection status otherwise. */
export const isExpected = (status: number, provider: Provider, flaws: Flaws): boolean =>
  isFlawed(flaws) ? status === provider.rejectionStatus : status >= 200 && status < 300;

/** Whether a delivery is one that must be refused. */
export const isFlawed = ({ forge, stale, alter }: Flaws): boolean => forge === true || stale === true || alter === true;
