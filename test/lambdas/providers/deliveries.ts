import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Delivery, VerifiedDelivery } from '../../../lambdas/core/delivery.ts';
import { sha256 } from '../../../lambdas/core/hash.ts';
import { secretFrom } from '../../../lambdas/core/provider-secret.ts';
import { defaultWindowDays, sampleOf, schemeOf } from '../../../lambdas/core/provider.ts';
import type { Provider, SampleInput } from '../../../lambdas/core/provider.ts';
import type { FetchedKeySignature, Scheme, SecretPair, SignInput } from '../../../lambdas/core/schemes/scheme.ts';
import type { Options } from '../../../lambdas/core/envelope.ts';
import type { Source } from '../../../lambdas/core/source.ts';
import type { RejectionReason, Secret, SecretLabel, Verdict } from '../../../lambdas/core/verdict.ts';
import { verify } from '../../../lambdas/core/receive/verify.ts';

/** A whole second, so that a timestamp in seconds says it exactly. */
export const NOW = new Date('2026-03-01T09:30:00.000Z');
export const URL_OF_SOURCE = 'https://hooks.example.com/webhooks/source';
export const SECRET = 'test secret of the contract';

export const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

export const secret = (value: string, label: SecretLabel = 'current'): Secret => ({
  value,
  label,
  versionId: `version-${label}`,
});

/** A delivery; a header's value may be several, as when it was sent several times, or undefined if it was not. */
export function delivery(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: Buffer | string = '{}',
  { method = 'POST', url = URL_OF_SOURCE }: { readonly method?: string; readonly url?: string } = {},
): Delivery {
  const entries = Object.entries(headers).flatMap(([name, value]): [string, readonly string[]][] =>
    value === undefined ? [] : [[name, typeof value === 'string' ? [value] : value]],
  );
  return { method, url, headers: new Map(entries), body: Buffer.from(body) };
}

/** The provider's options as the configuration's defaults make them. */
export const defaultOptions = (provider: Provider): Options =>
  Object.fromEntries(Object.entries(provider.options).map(([name, spec]) => [name, spec.default]));

/** The provider's scheme under its default options. */
export const ownScheme = (provider: Provider): Scheme => schemeOf(provider, defaultOptions(provider));

export const sourceOf = (provider: Provider, options: Options = {}): Source => ({
  name: `${provider.name}-test`,
  provider,
  options: { ...defaultOptions(provider), ...options },
  windowSeconds: defaultWindowDays(provider) * 86_400,
  maxBodyBytes: 1_000_000,
});

/** The two halves of the secret that a seed makes. */
export const secretsOf = (provider: Provider, seed = SECRET): SecretPair =>
  secretFrom(provider, defaultOptions(provider), seed);

/** The headers that name the event of a body; a body has the same ones each time. */
export const headersOf = (provider: Provider, body: Buffer): Readonly<Record<string, string>> =>
  sampleOf(provider, { id: sha256(body).slice(0, 32), now: NOW, options: defaultOptions(provider) }).headers;

/** A signed delivery of the provider's. */
export function signed(provider: Provider, body: Buffer | string, input: Partial<SignInput> = {}): Delivery {
  const bytes = Buffer.from(body);
  const all: SignInput = {
    ...{ url: URL_OF_SOURCE, body: bytes, secrets: [secretsOf(provider).signing], now: NOW },
    ...{ headers: headersOf(provider, bytes), options: defaultOptions(provider) },
    ...input,
  };
  const made = ownScheme(provider).sign(all);
  return delivery({ ...all.headers, ...made.headers }, made.body ?? bytes, { url: made.url ?? all.url });
}

/** The bytes and headers of a sample. */
export const sampled = (provider: Provider, input: Partial<SampleInput> = {}) =>
  sampleOf(provider, { id: 'contract-1', now: NOW, options: defaultOptions(provider), ...input });

/** Whether the signature is in the body, so that no body but the provider's own can be signed. */
export const isSignedInBody = (provider: Provider): boolean => ownScheme(provider).headers.length === 0;

/** This body, or if the provider cannot sign it, a sample that is as particular. */
export const signable = (provider: Provider, body: Buffer | string): Buffer =>
  isSignedInBody(provider) ? sampled(provider, { id: sha256(Buffer.from(body)).slice(0, 32) }).body : Buffer.from(body);

/** The same delivery with other headers, body or URL. */
export const withHeader = (original: Delivery, name: string, values: readonly string[] | undefined): Delivery => {
  const headers = new Map(original.headers);
  if (values) headers.set(name, values);
  else headers.delete(name);
  return { ...original, headers };
};

/** The one value of a header that is there. */
export function headerOf({ headers }: Delivery, name: string): string {
  const [value] = headers.get(name) ?? [];
  if (value === undefined) throw new Error(`no ${name}`);
  return value;
}

interface Context {
  /** The key that the provider publishes; default: the one of {@link SECRET}. */
  readonly key?: KeyObject;
  readonly secrets?: readonly Secret[];
  readonly now?: Date;
  readonly options?: Options;
}

/** The verdict on a delivery, by way of the provider's scheme. */
export function verdictOf(
  provider: Provider,
  of: Delivery,
  { secrets, now = NOW, options, key }: Context = {},
): Verdict {
  const all = { ...defaultOptions(provider), ...options };
  const signature = schemeOf(provider, all).read(of, { now, options: all });
  if (!signature.ok) return signature;
  const accepted = secrets ?? [secret(secretFrom(provider, all, SECRET).stored)];
  const found =
    'keyFor' in signature.value
      ? verifyFetched(signature.value, key ?? publishedKey(provider), accepted)
      : verify(signature.value, accepted);
  return found
    ? { ok: true, secret: { label: found.label, versionId: found.versionId } }
    : { ok: false, reason: 'signature_mismatch' };
}

/** The key that the provider publishes is the same, whatever secret it is asked for with. */
function verifyFetched(signature: FetchedKeySignature, key: KeyObject, accepted: readonly Secret[]) {
  return accepted.find(
    ({ value }) => value !== '' && signature.keyFor(value).set !== '' && signature.matches(value, key),
  );
}

/** The key that a provider whose keys are fetched would publish. */
export const publishedKey = (provider: Provider): KeyObject => publishedKeyOf(secretsOf(provider).signing);

/** The public half of what a provider whose keys are fetched signs with. */
export const publishedKeyOf = (signing: string): KeyObject => createPublicKey(createPrivateKey(signing));

/** Why a delivery is refused; `accepted` if it is not. */
export function refusal(provider: Provider, of: Delivery, context: Context = {}): RejectionReason | 'accepted' {
  const verdict = verdictOf(provider, of, context);
  return verdict.ok ? 'accepted' : verdict.reason;
}

/** A delivery that has been verified, ready to be identified. */
export const verified = (of: Delivery, receivedAt: Date = NOW): VerifiedDelivery => ({
  delivery: of,
  verdict: { ok: true, secret: { label: 'current', versionId: 'version-current' } },
  receivedAt,
});
