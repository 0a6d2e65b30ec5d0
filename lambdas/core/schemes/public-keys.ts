import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { decode } from './mac.ts';
import { secretPart } from './secret-parts.ts';

export type Algorithm = 'ed25519' | 'ecdsa-p256' | 'rsa-sha1' | 'rsa-sha256' | 'rsa-sha512';

/**
 * How a provider's console writes a public key: the 32 bytes of an Ed25519 key in hex or base64, any key as the base64 of its
 * SubjectPublicKeyInfo, or PEM.
 */
export type PublicKeyForm =
  | PublicKeyNotation
  | {
      readonly notation: PublicKeyNotation;
      /** The prefix that the provider writes before the key: `whpk_`. A text without it is taken too, unless it is required. */
      readonly prefix?: string;
      readonly isPrefixRequired?: boolean;
      /** The field of a secret that is JSON. */
      readonly part?: string;
    };

type PublicKeyNotation = 'hex' | 'base64' | 'base64-spki' | 'pem';

const formOf = (form: PublicKeyForm) => (typeof form === 'string' ? { notation: form } : form);

/** The bytes before the 32 of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410, 4). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519_BYTES = 32;

/** Bits of the shortest RSA key that is taken. */
const MIN_RSA_BITS = 2048;

/** Reads a public key out of a secret; undefined if it is not written so, or not a key of this algorithm. */
export function publicKeyReader(form: PublicKeyForm, algorithm: Algorithm): (secret: string) => KeyObject | undefined {
  const { notation, prefix = '', isPrefixRequired = false, part } = formOf(form);
  return (secret) => {
    const text = part === undefined ? secret : secretPart(secret, part);
    if (text === undefined || (isPrefixRequired && !text.startsWith(prefix))) return undefined;
    const bare = prefix !== '' && text.startsWith(prefix) ? text.slice(prefix.length) : text;
    const key = read(bare, notation);
    return key && isFor(key, algorithm) ? key : undefined;
  };
}

function read(text: string, notation: PublicKeyNotation): KeyObject | undefined {
  try {
    // A private key would be read too: whoever stored one must be told.
    if (notation === 'pem') return text.includes('PRIVATE') ? undefined : createPublicKey(text);
    const bytes = decode(text, notation === 'hex' ? 'hex' : 'base64');
    if (!bytes) return undefined;
    if (notation === 'base64-spki') return createPublicKey({ key: bytes, format: 'der', type: 'spki' });
    if (bytes.length !== ED25519_BYTES) return undefined;
    return createPublicKey({ key: Buffer.concat([ED25519_SPKI, bytes]), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** Whether a key is one that this algorithm verifies with: another kind would be another algorithm. */
export function isFor(
  { asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject,
  algorithm: Algorithm,
): boolean {
  if (algorithm === 'ed25519') return type === 'ed25519';
  if (algorithm === 'ecdsa-p256') return type === 'ec' && details?.namedCurve === 'prime256v1';
  return type === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS;
}

/** The text of a public key, as the provider's console would show it. */
export function writePublicKey(key: KeyObject, form: PublicKeyForm): string {
  const { notation, prefix = '', part } = formOf(form);
  const der = key.export({ type: 'spki', format: 'der' });
  const text = {
    hex: () => der.subarray(-ED25519_BYTES).toString('hex'),
    base64: () => der.subarray(-ED25519_BYTES).toString('base64'),
    'base64-spki': () => der.toString('base64'),
    pem: () => key.export({ type: 'spki', format: 'pem' }).toString(),
  }[notation]();
  return part === undefined ? prefix + text : JSON.stringify({ [part]: prefix + text });
}
