import type { Headers } from '../delivery.ts';
import { parseObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { readHeader } from './headers.ts';
import { decode } from './mac.ts';

/** A token taken apart. Nothing of it is proved. */
export interface CompactToken {
  /** The id of the key; empty if the token names none. */
  readonly kid: string;
  readonly payload: JsonObject;
  /** The text that is signed. */
  readonly signedText: string;
  readonly signature: Buffer;
}

const KID = /^[\w.:/+=-]{1,200}$/;

/**
 * Takes a token of the compact serialisation (RFC 7515, 3.1) out of a header. Its algorithm must be the one that the scheme
 * expects: a token never chooses how it is verified. A header with `crit` asks for what is not understood, and is refused.
 */
export function readToken(
  headers: Headers,
  name: string,
  isBearer: boolean,
  algorithm: string,
): Result<CompactToken, 'missing_signature' | 'malformed_signature'> {
  const header = readHeader(headers, name, 'signature');
  if (!header.ok) return header;
  const text = isBearer ? /^bearer +(\S+)$/i.exec(header.value)?.[1] : header.value;
  const [head = '', claims = '', mac = '', ...more] = text?.split('.') ?? [];
  const [headBytes, claimBytes, signature] = [head, claims, mac].map((part) => decode(part, 'base64url'));
  const [parsed, payload] = [headBytes && parseObject(headBytes), claimBytes && parseObject(claimBytes)];
  if (!parsed || !payload || !signature?.length || more.length > 0) return refuse('malformed_signature');
  const { alg, kid = '', crit } = parsed;
  const isKid = kid === '' || (typeof kid === 'string' && KID.test(kid));
  if (alg !== algorithm || typeof kid !== 'string' || !isKid || crit !== undefined)
    return refuse('malformed_signature');
  return ok({ kid, payload, signedText: `${head}.${claims}`, signature });
}
