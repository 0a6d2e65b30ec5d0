import { hash } from 'node:crypto';
import { decodePadded } from './mac.ts';
import type { Encoding } from './mac.ts';
import type { SecretPair } from './scheme.ts';
import { secretPart } from './secret-parts.ts';

/** The notation of a key in the text of a secret. */
export type KeyForm =
  | KeyEncoding
  | {
      readonly encoding: KeyEncoding;
      /**
       * The prefix that the provider writes before the key, and that is not part of it: `whsec_`. A text without it is taken
       * too.
       */
      readonly prefix?: string;
      /** The text that is appended to the secret's text to make the key: `&`. */
      readonly suffix?: string;
      /** The field of a secret that is JSON. */
      readonly part?: string;
      /** Bytes of the shortest key that is one. */
      readonly minBytes?: number;
    };

type KeyEncoding = 'utf8' | Encoding;

const formOf = (form: KeyForm) => (typeof form === 'string' ? { encoding: form } : form);

/** Reads the key's bytes out of a secret; undefined if the secret is not written so. There may be none. */
export function keyReader(form: KeyForm): (secret: string) => Buffer | undefined {
  const { encoding, prefix = '', suffix = '', part, minBytes = 0 } = formOf(form);
  return (secret) => {
    const text = part === undefined ? secret : secretPart(secret, part);
    if (text === undefined) return undefined;
    const bare = prefix !== '' && text.startsWith(prefix) ? text.slice(prefix.length) : text;
    if (encoding === 'utf8') return Buffer.from(bare === '' ? '' : bare + suffix);
    const bytes = decodePadded(bare, encoding);
    return bytes && (bytes.length === 0 || bytes.length >= minBytes) ? bytes : undefined;
  };
}

/** A key for a MAC, made of a seed: the same text on both sides. */
export function pairFrom(seed: string, form: KeyForm): SecretPair {
  const { encoding, prefix = '', part } = formOf(form);
  const key = encoding === 'utf8' ? seed : prefix + hash('sha256', seed, 'buffer').toString(encoding);
  const secret = part === undefined ? key : JSON.stringify({ [part]: key });
  return { stored: secret, signing: secret };
}
