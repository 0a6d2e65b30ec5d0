import { createPrivateKey, createSecretKey, hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Options, ReadContext } from '../envelope.ts';
import type { KeyRequest } from '../key-request.ts';
import { ok } from '../result.ts';
import { cached } from './cache.ts';
import { areOf, checkClaims, claimsFor } from './claims.ts';
import type { Claims } from './claims.ts';
import { readToken } from './compact-token.ts';
import { keyPairFrom } from './key-pair.ts';
import { keyReader, pairFrom } from './keys.ts';
import type { KeyForm } from './keys.ts';
import { hmac, isOneOf } from './mac.ts';
import { isFor } from './public-keys.ts';
import type { Algorithm } from './public-keys.ts';
import type { Scheme, Signature, SignInput } from './scheme.ts';

/** A JSON Web Token (RFC 7519) that comes with the delivery. */
export interface JwtSpec {
  /** `Authorization: Bearer <token>`, or a header that is the token alone. */
  readonly in: 'bearer' | { readonly header: string };
  readonly key:
    | { readonly algorithm: 'HS256'; readonly secret: KeyForm }
    | {
        readonly algorithm: 'RS256' | 'ES256';
        /**
         * The key of that id, which is any text of ASCII without blanks. The secret is what the key is asked for with, if the provider
         * wants to know who asks; the source's options say of which of the provider's environments. A set may have several keys of
         * one id: the one that is meant is for this algorithm.
         */
        readonly fetch: (kid: string, secret: string, options: Options, algorithm: Algorithm) => KeyRequest;
      };
  readonly claims: Claims;
}

const KEYS = { RS256: 'rsa-sha256', ES256: 'ecdsa-p256' } as const;

/** The scheme that a description of a token makes. It covers the body if a claim of the token is the body's hash. */
export function jwt(spec: JwtSpec): Scheme {
  const { in: place, key, claims } = spec;
  const header = place === 'bearer' ? 'authorization' : place.header.toLowerCase();
  const { algorithm } = key;
  const coversBody = claims.bodyHash !== undefined;
  const secretKey = key.algorithm === 'HS256' ? secretKeyOf(key.secret) : undefined;
  const signingKey = cached((pem) => createPrivateKey(pem));

  const signatureOf = (secret: string, bytes: string): Buffer => {
    if (!secretKey) return sign('sha256', Buffer.from(bytes), { key: signingKey(secret), dsaEncoding: 'ieee-p1363' });
    const own = secretKey(secret);
    if (!own) throw new Error('the secret is not a key of this scheme');
    return hmac('sha256', own, bytes);
  };

  return {
    title: `JWT, ${algorithm}`,
    coverage: coversBody ? 'body' : 'caller',
    headers: [{ name: header, carries: coversBody ? 'signature' : 'token' }],
    ...(claims.maxAgeSeconds !== undefined && { replayWindowSeconds: claims.maxAgeSeconds }),
    ...(!secretKey && { fetchesKeys: true }),

    read(delivery, context) {
      const token = readToken(delivery.headers, header, place === 'bearer', algorithm);
      if (!token.ok) return token;
      const { kid, payload, signedText, signature } = token.value;
      const fault = checkClaims(payload, claims, delivery.body, context);
      if (fault) return fault;
      if (secretKey)
        return ok<Signature>({
          matches: (secret: string) =>
            areOf(payload, claims, secret) && isSignedWith(secretKey(secret), signedText, signature),
        });
      if (key.algorithm === 'HS256') throw new Error('a secret key was described and not made');
      return ok<Signature>({
        keyFor: (secret) => key.fetch(kid, secret, context.options, KEYS[key.algorithm]),
        matches: (secret, publicKey) =>
          areOf(payload, claims, secret) &&
          isFor(publicKey, KEYS[key.algorithm]) &&
          verify('sha256', Buffer.from(signedText), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
      });
    },

    sign(input: SignInput) {
      const [secret] = input.secrets;
      const context: ReadContext = { now: input.now, options: input.options ?? {} };
      const head = { alg: algorithm, typ: 'JWT', kid: hash('sha256', secret).slice(0, 16) };
      const text = `${toPart(head)}.${toPart(claimsFor(claims, input.body, context))}`;
      const value = `${text}.${signatureOf(secret, text).toString('base64url')}`;
      return { headers: { [header]: place === 'bearer' ? `Bearer ${value}` : value } };
    },

    accepts: (secret) => (secretKey ? secretKey(secret) !== undefined : secret !== ''),

    secretFrom(seed) {
      if (key.algorithm === 'HS256') return pairFrom(seed, key.secret);
      const { privateKey } = keyPairFrom(KEYS[key.algorithm], seed);
      return { stored: seed, signing: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    },
  };
}

function secretKeyOf(form: KeyForm): (secret: string) => KeyObject | undefined {
  const bytesOf = keyReader(form);
  return cached((secret) => {
    const bytes = bytesOf(secret);
    return bytes && bytes.length > 0 ? createSecretKey(bytes) : undefined;
  });
}

const isSignedWith = (key: KeyObject | undefined, text: string, signature: Buffer): boolean =>
  key !== undefined && isOneOf([signature], hmac('sha256', key, text));

const toPart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
