import { sha256 } from './hash.ts';

/**
 * How a key was made that is not a provider's own id as text. `number`: the id is a number in the body. `derived`: the
 * provider's file made the key out of something else, such as the id of what a list holds. `body-hash`: the body names no id.
 * `key-hash`: the id is too long to be kept. `conflict`: another body came under a known key. `batch`: a delivery of several events.
 */
export const KEY_KINDS = ['number', 'derived', 'body-hash', 'key-hash', 'conflict', 'batch'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** The identity of an event within its source. Two events are the same only if both parts are. */
export interface EventKey {
  /** As people read and type it: a provider's own id is unchanged. */
  readonly key: string;
  /** Absent if the key is the provider's own id, a text. */
  readonly keyKind?: KeyKind;
}

/** An id as a body holds it: 123 and "123" are different ones. */
export type EventId = string | number;

/** Characters of the longest event key that is kept as it is: a DynamoDB key holds 2,048 bytes. */
const MAX_KEY_LENGTH = 500;

/** The key of an event whose provider named it so. A key that is too long is replaced by its hash. */
export function eventKeyOf(id: EventId | EventKey): EventKey {
  const key = typeof id === 'object' ? id : typeof id === 'number' ? numberKey(id) : { key: id };
  if (key.key.length <= MAX_KEY_LENGTH) return key;
  return { key: `sha256-of-key:${sha256(encodeKey(key))}`, keyKind: 'key-hash' };
}

const numberKey = (id: number): EventKey => ({ key: String(id), keyKind: 'number' });

/** The key of an event that has no id of its own: the id of what it is about, with a word that says what that is. */
export const derivedKey = (of: string, id: EventId): EventKey => ({
  key: `${of}:${encodeKey(eventKeyOf(id))}`,
  keyKind: 'derived',
});

/** The key of an event whose body names no id. `bodyHash` is the hex SHA-256 of the body. */
export const keyOfBody = (bodyHash: string): EventKey => ({ key: `sha256:${bodyHash}`, keyKind: 'body-hash' });

/**
 * The key of an event that names no id, and whose text is the same each time that it happens: the time that its sender has signed
 * beside the body tells one from the next. A retry that is signed again is then an event of its own, and none is lost.
 */
export const keyOfSending = (bodyHash: string, signedTime: string): EventKey =>
  keyOfBody(sha256(`${signedTime} ${bodyHash}`));

/** The name of a delivery that carries several events, for as long as they have not been told apart. */
export const keyOfBatch = (bodyHash: string): EventKey => ({ key: `batch:${bodyHash}`, keyKind: 'batch' });

/** The key of another body that came under a known key. */
export const keyOfConflict = (known: EventKey, bodyHash: string): EventKey => ({
  key: `conflict:${bodyHash}:${sha256(encodeKey(known))}`,
  keyKind: 'conflict',
});

const MARK = '#';

/**
 * The key as one text that tells every kind from all others: a provider's own id is itself, any other key is `#<kind>#<key>`,
 * and an id that starts with the mark is `#text#<id>`. An id being itself keeps what the ledger knew before there were kinds.
 */
export const encodeKey = ({ key, keyKind }: EventKey): string =>
  keyKind === undefined && !key.startsWith(MARK) ? key : `${MARK}${keyKind ?? 'text'}${MARK}${key}`;

/** Hex digits of {@link keyDigest}: 64 bits, too many for a sender to find a second key with the digest of a given one. */
const DIGITS = 16;

/** The start of the SHA-256 of a key: what a short id and the ledger's list know an event by. */
export const keyDigest = (key: EventKey): string => sha256(encodeKey(key)).slice(0, DIGITS);

/** The inverse of {@link encodeKey}. A text that it never makes is taken for an id. */
export function decodeKey(text: string): EventKey {
  const [, name, key] = /^#([a-z-]+)#(.*)$/s.exec(text) ?? [];
  if (name === undefined || key === undefined) return { key: text };
  if (name === 'text') return { key };
  const keyKind = KEY_KINDS.find((kind) => kind === name);
  return keyKind ? { key, keyKind } : { key: text };
}
