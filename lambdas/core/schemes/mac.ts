import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { MAX_CANDIDATES } from '../provider.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';

/** The HMAC of the parts one after the other, nothing between them; no part is copied. Text is taken as UTF-8. */
export function hmac(hash: Hash, key: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const mac = createHmac(hash, keyOf(key));
  for (const part of parts) mac.update(part);
  return digestOf(mac);
}

type Hash = 'sha1' | 'sha256';

/** The HMAC of parts that are made one by one: `make` hands each on, and may then write over it. */
export function hmacOfParts(hash: Hash, key: string, make: (take: (part: Buffer) => void) => void): Buffer {
  const mac = createHmac(hash, keyOf(key));
  make((part) => void mac.update(part));
  return digestOf(mac);
}

/**
 * The digest's bytes, by way of text of one character a byte: that text fits into memory which Node has at hand, where a digest
 * in bytes is given memory of its own, in a seventh of the time of a small body's HMAC.
 */
const digestOf = (mac: ReturnType<typeof createHmac>): Buffer => Buffer.from(mac.digest('binary'), 'binary');

/** The keys made last: making one anew takes an eighth of the time of a small body's HMAC. No more than are in use. */
const keys = new Map<string, KeyObject>();
const MAX_KEYS = 8;

function keyOf(text: string): KeyObject {
  const known = keys.get(text);
  if (known) return known;
  if (keys.size >= MAX_KEYS) keys.clear();
  const key = createSecretKey(text, 'utf8');
  keys.set(text, key);
  return key;
}

/** The bytes that hex digits of either case stand for; undefined where they are not exactly `length` bytes. */
export const decodeHex = (text: string, length: number): Buffer | undefined =>
  text.length === 2 * length && /^[\dA-Fa-f]+$/.test(text) ? Buffer.from(text, 'hex') : undefined;

/**
 * The bytes that canonical base64 (RFC 4648, padded) stands for; undefined where they are not exactly `length` bytes. Node's
 * own decoder passes over what it does not know, so only a text that encodes back to itself is taken.
 */
export function decodeBase64(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === length && bytes.toString('base64') === text ? bytes : undefined;
}

/**
 * The MACs that a delivery carries. One that cannot be decoded stands for nothing and is passed over, so that it does not
 * spoil the one beside it; with none left, or more than {@link MAX_CANDIDATES} to begin with, the signature is malformed.
 */
export function decodeMacs(
  texts: readonly string[],
  decode: (text: string) => Buffer | undefined,
): Result<readonly Buffer[], 'malformed_signature'> {
  if (texts.length > MAX_CANDIDATES) return refuse('malformed_signature');
  const macs: Buffer[] = [];
  for (const text of texts) {
    const mac = decode(text);
    if (mac) macs.push(mac);
  }
  return macs.length > 0 ? ok(macs) : refuse('malformed_signature');
}
