import type { Delivery } from '../delivery.ts';
import { ok, refuse } from '../result.ts';
import type { RejectionReason } from '../verdict.ts';
import { decodeHex, decodeMacs, DIGEST_BYTES, hmac, isOneOf } from './mac.ts';
import type { Hash } from './mac.ts';
import type { Scheme } from './scheme.ts';
import { areWithin } from './time.ts';

/** The facts that a body states about its own signature. */
export interface InBody {
  /** The text that is signed, put together of the fields that the signature covers. */
  readonly signed: string;
  /** In hex; several if several keys have signed. */
  readonly signatures: readonly string[];
  /** The time among the signed fields; undefined if there is none, or it cannot be read. */
  readonly time?: Date | undefined;
}

export interface InBodySpec {
  readonly hash: Hash;
  /** Which fields are signed, for the list of providers: `two fields`. */
  readonly of: string;
  /** Reads a body, which may be anything; undefined if it carries no signature. */
  readonly read: (body: Buffer) => InBody | undefined;
  /** The body with its signature, which `sign` makes of the text that is signed; a body of another form as it is. */
  readonly write: (body: Buffer, sign: (text: string) => string, now: Date) => Buffer;
  /** Seconds by which the signed time may be off, either way; absent if any is allowed. */
  readonly toleranceSeconds?: number;
  /** True if the sender signs each of these texts once, so that a second event under one is somebody else's. */
  readonly isUsedOnce?: boolean;
}

/**
 * An HMAC, in hex, that is a field of the body and covers some of the others. Whoever has seen one such signature can put it into
 * another body: the coverage of the events says so.
 */
export function inBodyHmac({ hash, of, read, write, toleranceSeconds, isUsedOnce = false }: InBodySpec): Scheme {
  const faultOf = (time: Date | undefined, now: Date): RejectionReason | undefined => {
    if (toleranceSeconds === undefined) return undefined;
    if (!time) return 'malformed_timestamp';
    return areWithin(time, now, toleranceSeconds) ? undefined : 'timestamp_out_of_window';
  };

  return {
    title: `HMAC-SHA-${hash === 'sha1' ? '1' : hash.slice(3)} of ${of}, hex, in the body`,
    coverage: 'fields',
    headers: [],
    ...(toleranceSeconds !== undefined && { replayWindowSeconds: toleranceSeconds }),

    read({ body }, { now }) {
      const found = read(body);
      if (!found) return refuse('missing_signature');
      const { signed, signatures, time } = found;
      const macs = decodeMacs(signatures, (text) => decodeHex(text, DIGEST_BYTES[hash]));
      if (!macs.ok) return macs;
      const fault = faultOf(time, now);
      if (fault) return refuse(fault);
      return ok({ matches: (secret: string) => secret !== '' && isOneOf(macs.value, hmac(hash, secret, signed)) });
    },

    ...(isUsedOnce && { usedOnce: ({ body }: Delivery) => read(body)?.signed }),
    sign: ({ body, secrets: [secret], now }) => ({
      headers: {},
      body: write(body, (text) => hmac(hash, secret, text).toString('hex'), now),
    }),
    accepts: (secret) => secret !== '',
    secretFrom: (seed) => ({ stored: seed, signing: seed }),
  };
}
