import type { KeyObject } from 'node:crypto';
import type { Delivery } from '../delivery.ts';
import type { Options, ReadContext } from '../envelope.ts';
import type { KeyRequest } from '../key-request.ts';
import type { Result } from '../result.ts';
import type { RejectionReason } from '../verdict.ts';

/**
 * The part of a delivery that a signature proves: the whole body; only some fields, wherever those are; or nothing but who
 * called, because all that comes with the delivery is a token.
 */
export type Coverage = 'body' | 'fields' | 'caller';

/** A header that a scheme reads. A `token` is a credential itself: it is struck out of every log and never kept as evidence. */
export interface SchemeHeader {
  /** In lower case. */
  readonly name: string;
  readonly carries: 'signature' | 'timestamp' | 'id' | 'token' | 'part';
  /** True if an authentic delivery can come without it, because another header takes its place. */
  readonly optional?: boolean;
}

/** A signature that the secret alone can check. */
export interface SecretSignature {
  /** Whether this secret, or the private half of this public key, made the signature. Never throws. */
  matches(secret: string): boolean;
}

/** A signature that is checked with a key which the provider publishes. */
export interface FetchedKeySignature {
  /** Which key is needed. The secret is what the key is asked for with, if the provider wants to know who asks. */
  keyFor(secret: string): KeyRequest;
  /** Whether the owner of this key made the signature. Never throws. */
  matches(secret: string, key: KeyObject): boolean;
}

/**
 * The proof that a delivery presents, read from headers, URL and body alone: no secret is needed to read it, so a request
 * that cannot be authentic costs no AWS call.
 */
export type Signature = SecretSignature | FetchedKeySignature;

/** The input of a signature, for tests, the local sender and operations. */
export interface SignInput {
  readonly url: string;
  readonly body: Buffer;
  /** Several if several are live: a scheme that cannot sign with all of them signs with the first. */
  readonly secrets: readonly [string, ...string[]];
  readonly now: Date;
  /** The method; POST if absent. */
  readonly method?: string;
  /** The other headers of the delivery, by lower-case name: a signed id is taken from here. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly options?: Options;
}

/** The parts that signing adds to a delivery; the body or the URL are here if the signature is in them. */
export interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly url?: string;
}

/** The two halves of a made-up secret: what the gateway stores, and what the provider signs with. The same text for a MAC. */
export interface SecretPair {
  readonly stored: string;
  readonly signing: string;
}

/** How a kind of signature is made and checked. All of it follows from one description: nothing is stated twice. */
export interface Scheme {
  /** As lists and pages name it: `HMAC-SHA-256, hex`. */
  readonly title: string;
  readonly coverage: Coverage;
  readonly headers: readonly SchemeHeader[];
  /** Seconds by which the signed timestamp may be off, either way; absent if no signed timestamp is checked. */
  readonly replayWindowSeconds?: number;
  /** True if the URL is among the signed bytes, so that a source may have to state its public URL. */
  readonly signsUrl?: boolean;
  /** True if signatures are checked with keys that the provider publishes. */
  readonly fetchesKeys?: boolean;
  /** Reads what the delivery presents, strictly; never throws. */
  read(delivery: Delivery, context: ReadContext): Result<Signature, RejectionReason>;
  /**
   * The part of the proof that its sender uses once, if the proof says nothing of the body: a second event under it is somebody
   * else's. Only for a provider whose deliveries carry one event.
   */
  usedOnce?(delivery: Delivery): string | undefined;
  /** Signs a body as the provider would. Throws if the secret is not what the scheme signs with. */
  sign(input: SignInput): Signed;
  /** Whether a stored secret can be used, as the provider's console shows it. */
  accepts(secret: string): boolean;
  /** A secret made of a seed, for the local gateway and tests: the same seed makes the same secret. */
  secretFrom(seed: string): SecretPair;
}

/** The evidence that an event keeps: the headers that prove it, without those that are credentials. */
export const evidenceHeaders = ({ headers }: Scheme): string[] =>
  headers.filter(({ carries }) => carries !== 'token').map(({ name }) => name);
