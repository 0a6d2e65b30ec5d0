import { createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { SecretPair } from '../../lambdas/core/schemes/scheme.ts';
import { hmacSpecOf } from '../../lambdas/core/schemes/hmac.ts';
import { keyReader } from '../../lambdas/core/schemes/keys.ts';
import type { Source } from '../../lambdas/core/source.ts';
import { schemeOf } from '../../lambdas/core/provider.ts';
import { cgiEscape } from '../../lambdas/core/schemes/cgi-escape.ts';

/** The bare check that a body is authentic, in a form that can be handed over as text. */
export type Primitive = { readonly isJson: boolean } & (
  | {
      readonly kind: 'hmac';
      readonly hash: string;
      /** In base64; the secret as it is stored if it is absent. */
      readonly key: string | undefined;
      /** The text that is signed before the body. */
      readonly before: string;
      readonly isEscaped: boolean;
      /** In base64. */
      readonly mac: string;
    }
  | {
      readonly kind: 'public key';
      readonly digest: string | null;
      readonly pem: string;
      /** In base64. */
      readonly signature: string;
    }
  | { readonly kind: 'token'; readonly token: string }
);

/** The primitive of a provider's scheme, on a body. */
export function primitiveOf(
  { provider, options }: Source,
  { stored, signing }: SecretPair,
  body: Buffer,
  isJson: boolean,
): Primitive {
  const { title, replayWindowSeconds } = schemeOf(provider, options);
  const [, sha] = /^HMAC-SHA-(\d+)/.exec(title) ?? [];
  if (sha !== undefined) {
    const spec = hmacSpecOf(schemeOf(provider, options));
    const key = spec && keyReader(spec.key)(stored);
    const isEscaped = title.includes('escaped');
    const before = replayWindowSeconds === undefined ? '' : '1767225600.';
    const hash = `sha${sha}`;
    const signed = isEscaped ? cgiEscape(body) : body;
    const mac = createHmac(hash, key ?? stored)
      .update(before)
      .update(signed)
      .digest('base64');
    return { kind: 'hmac', hash, key: key?.toString('base64'), before, isEscaped, mac, isJson };
  }
  if (!signing.includes('PRIVATE KEY')) return { kind: 'token', token: stored, isJson };
  const privateKey = createPrivateKey(signing);
  const digest = title.startsWith('Ed25519') ? null : 'sha256';
  const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return {
    ...{ kind: 'public key', digest, pem, isJson },
    signature: sign(digest, body, privateKey).toString('base64'),
  };
}
