import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ok } from '../result.ts';
import { keyReader, pairFrom } from './keys.ts';
import type { KeyForm } from './keys.ts';
import { layoutOf } from './layout.ts';
import type { LayoutSpec } from './layout.ts';
import { cached } from './cache.ts';
import { decodeBase64, decodeHex, decodePadded, DIGEST_BYTES, hmac as hmacOf, isOneOf } from './mac.ts';
import type { Encoding, Hash } from './mac.ts';
import { withLowerCaseNames } from './names.ts';
import type { Scheme } from './scheme.ts';
import type { Sound } from './sound.ts';

/** A keyed hash over parts of the delivery. */
export interface HmacSpec extends LayoutSpec {
  readonly hash: Hash;
  /** The key that the secret's text stands for: its own bytes in UTF-8, or those that it encodes. */
  readonly key: KeyForm;
}

/** A scheme with its description, from which others like it can be made: to find what a sender does otherwise. */
export interface HmacScheme extends Scheme {
  readonly spec: HmacSpec;
}

/** The description of a keyed hash; undefined if the scheme is another kind. */
export const hmacSpecOf = (scheme: Scheme & Partial<HmacScheme>): HmacSpec | undefined => scheme.spec;

/** The scheme that a description of a keyed hash makes: the same description verifies and signs. */
export function hmac<const Spec extends HmacSpec>(spec: Spec & Sound<Spec>): HmacScheme {
  return hmacScheme(spec);
}

/** As {@link hmac}, for a description that is made while the gateway runs, so that no type can check it. */
export function hmacScheme(described: HmacSpec): HmacScheme {
  const spec = withLowerCaseNames(described);
  const { hash, key: form } = spec;
  const length = DIGEST_BYTES[hash];
  const { read, write, ...facts } = layoutOf(spec, (text, encoding) => decodeMac(text, encoding, length));
  const bytesOf = keyReader(form);
  // HMAC takes a key of no bytes, and everybody knows the empty key: nothing is verified with it.
  const keyOf = cached((secret): KeyObject | undefined => {
    const bytes = bytesOf(secret);
    return bytes && bytes.length > 0 ? createSecretKey(bytes) : undefined;
  });
  const macOf = (key: KeyObject, before: string, body: Buffer, after: string): Buffer => {
    // An update costs, even one of nothing.
    if (before === '') return after === '' ? hmacOf(hash, key, body) : hmacOf(hash, key, body, after);
    return after === '' ? hmacOf(hash, key, before, body) : hmacOf(hash, key, before, body, after);
  };

  return {
    title: `HMAC-SHA-${hash === 'sha1' ? '1' : hash.slice(3)}, ${[spec.signature.encoding].flat().join(' or ')}`,
    coverage: 'body',
    spec,
    ...facts,

    read(delivery, context) {
      const presented = read(delivery, context);
      if (!presented.ok) return presented;
      const { body } = delivery;
      return ok({
        matches(secret: string) {
          const key = keyOf(secret);
          if (!key) return false;
          for (const { signatures, before, after } of presented.value)
            if (isOneOf(signatures, macOf(key, before, body, after))) return true;
          return false;
        },
      });
    },

    sign: (input) => ({
      headers: write(input, (secret, before, after) => {
        const bytes = bytesOf(secret);
        if (!bytes) throw new Error('the secret is not a key of this scheme');
        return macOf(createSecretKey(bytes), before, input.body, after);
      }),
    }),

    accepts: (secret) => keyOf(secret) !== undefined,
    secretFrom: (seed) => pairFrom(seed, form),
  };
}

function decodeMac(text: string, encoding: Encoding, length: number): Buffer | undefined {
  if (encoding === 'hex') return decodeHex(text, length);
  if (encoding === 'base64') return decodeBase64(text, length);
  const mac = decodePadded(text, encoding);
  return mac?.length === length ? mac : undefined;
}
