import { randomUUID } from 'node:crypto';
import { schemeOf } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import type { SenderSource } from '../sources.ts';

/** How a delivery departs from what the provider would send. */
export interface Flaws {
  /** Signed with another secret. */
  readonly forge?: boolean;
  /** Signed an hour ago. */
  readonly stale?: boolean;
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

/** Far outside every provider's replay window. */
const STALE_MS = 3_600_000;

/** Signs a body as the provider would, apart from the flaws asked for. */
export function signed({ source, url, body, secret, now, flaws = {} }: SigningInput): SignedDelivery {
  const { provider, options } = source;
  // If the source states its public URL, the provider has that URL on file, wherever this delivery goes.
  const { publicUrl } = options;
  const scheme = schemeOf(provider, options);
  const { headers } = scheme.sign({
    url: typeof publicUrl === 'string' ? publicUrl : url,
    body,
    secrets: [flaws.forge ? scheme.secretFrom(`forged-${randomUUID()}`).signing : secret],
    now: flaws.stale ? new Date(now.getTime() - STALE_MS) : now,
    options,
  });
  return { url, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** Whether a provider signs a timestamp, so that an old delivery can be told from a new one. */
export const signsTime = ({ provider, options }: SignedSource): boolean =>
  schemeOf(provider, options).replayWindowSeconds !== undefined;

/** A new event, as the provider would write it for this source. */
export const sample = ({ provider, options }: SignedSource, now: Date, type?: string): Buffer =>
  Buffer.from(provider.sample({ id: randomUUID(), now, options, ...(type !== undefined && { type }) }));

/** Whether a status is the right answer: 2xx for a delivery without a flaw, the provider's rejection status otherwise. */
export const isExpected = (status: number, provider: Provider, flaws: Flaws): boolean =>
  flaws.forge || flaws.stale ? status === provider.rejectionStatus : status >= 200 && status < 300;
