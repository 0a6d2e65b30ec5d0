import { createPrivateKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ok } from '../result.ts';
import { cached } from './cache.ts';
import { keyPairFrom } from './key-pair.ts';
import { layoutOf } from './layout.ts';
import type { LayoutSpec } from './layout.ts';
import { decodeBase64, decodeHex, decodePadded } from './mac.ts';
import type { Encoding } from './mac.ts';
import { withLowerCaseNames } from './names.ts';
import { publicKeyReader, writePublicKey } from './public-keys.ts';
import type { Algorithm, PublicKeyForm } from './public-keys.ts';
import type { Scheme } from './scheme.ts';
import type { Sound } from './sound.ts';

/** A signature with a private key that only the provider has: the secret of the source is the public key. */
export interface PublicKeySpec extends LayoutSpec {
  readonly algorithm: Algorithm;
  /** How the provider's console writes the public key. */
  readonly key: PublicKeyForm;
  /** How ECDSA's two numbers are written. Default: DER. */
  readonly ecdsa?: 'der' | 'ieee-p1363';
}

/** The name of each algorithm for a person, and the digest that it signs; Ed25519 signs the message itself. */
const ALGORITHMS = {
  ed25519: { title: 'Ed25519', digest: null },
  'ecdsa-p256': { title: 'ECDSA P-256 with SHA-256', digest: 'sha256' },
  'rsa-sha1': { title: 'RSA with SHA-1', digest: 'sha1' },
  'rsa-sha256': { title: 'RSA with SHA-256', digest: 'sha256' },
  'rsa-sha512': { title: 'RSA with SHA-512', digest: 'sha512' },
} as const satisfies Record<Algorithm, object>;

/** A scheme with its description, from which others like it can be made: to find what a sender does otherwise. */
export interface PublicKeyScheme extends Scheme {
  readonly publicKeySpec: PublicKeySpec;
}

/** The description of a public-key signature; undefined if the scheme is another kind. */
export const publicKeySpecOf = (scheme: Scheme & Partial<PublicKeyScheme>): PublicKeySpec | undefined =>
  scheme.publicKeySpec;

/** The scheme that a description of a public-key signature makes: the same description verifies and signs. */
export function publicKey<const Spec extends PublicKeySpec>(spec: Spec & Sound<Spec>): PublicKeyScheme {
  return publicKeyScheme(spec);
}

/** As {@link publicKey}, for a description that is made while the gateway runs, so that no type can check it. */
export function publicKeyScheme(described: PublicKeySpec): PublicKeyScheme {
  const spec = withLowerCaseNames(described);
  const { algorithm, ecdsa = 'der' } = spec;
  const { title, digest } = ALGORITHMS[algorithm];
  const length = algorithm === 'ed25519' || (algorithm === 'ecdsa-p256' && ecdsa === 'ieee-p1363') ? 64 : undefined;
  const { read, write, ...facts } = layoutOf(spec, (text, encoding) => decodeSignature(text, encoding, length));
  const keyOf = cached(publicKeyReader(spec.key, algorithm));
  const signingKey = cached((pem) => createPrivateKey(pem));
  const isMadeBy = (key: KeyObject, bytes: Buffer, signature: Buffer): boolean =>
    verify(digest, bytes, { key, dsaEncoding: ecdsa }, signature);

  return {
    title: `${title}, ${[spec.signature.encoding].flat().join(' or ')}`,
    coverage: 'body',
    publicKeySpec: spec,
    ...facts,

    read(delivery, context) {
      const presented = read(delivery, context);
      if (!presented.ok) return presented;
      const { body } = delivery;
      return ok({
        matches(secret: string) {
          const key = keyOf(secret);
          if (!key) return false;
          return presented.value.some(({ signatures, before, after }) => {
            const bytes = around(before, body, after);
            return signatures.some((signature) => isMadeBy(key, bytes, signature));
          });
        },
      });
    },

    sign: (input) => ({
      headers: write(input, (secret, before, after) =>
        sign(digest, around(before, input.body, after), { key: signingKey(secret), dsaEncoding: ecdsa }),
      ),
    }),

    accepts: (secret) => keyOf(secret) !== undefined,

    secretFrom(seed) {
      const pair = keyPairFrom(algorithm, seed);
      return {
        stored: writePublicKey(pair.publicKey, spec.key),
        signing: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

const around = (before: string, body: Buffer, after: string): Buffer =>
  before === '' && after === '' ? body : Buffer.concat([Buffer.from(before), body, Buffer.from(after)]);

function decodeSignature(text: string, encoding: Encoding, length: number | undefined): Buffer | undefined {
  if (length === undefined) {
    const bytes = decodePadded(text, encoding);
    return bytes && bytes.length > 0 ? bytes : undefined;
  }
  if (encoding === 'hex') return decodeHex(text, length);
  return encoding === 'base64' ? decodeBase64(text, length) : decodePadded(text, encoding);
}
