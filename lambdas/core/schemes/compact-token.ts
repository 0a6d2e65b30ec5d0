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

/** A signature whose payload is the body that it comes with. */
export interface DetachedToken extends Pick<CompactToken, 'kid' | 'signature'> {
  /** The header as it came, which is signed before the payload. */
  readonly head: string;
}

type TokenFault = 'missing_signature' | 'malformed_signature';

const KID = /^[!-~]{1,200}$/;

/**
 * Takes a token of the compact serialisation (RFC 7515, 3.1) out of a header. Its algorithm must be the one that the scheme
 * expects: a token never chooses how it is verified. A header with `crit` asks for what is not understood, and is refused.
 */
export function readToken(
  headers: Headers,
  name: string,
  isBearer: boolean,
  algorithm: string,
): Result<CompactToken, TokenFault> {
  const header = readHeader(headers, name, 'signature');
  if (!header.ok) return header;
  const text = isBearer ? /^bearer +(\S+)$/i.exec(header.value)?.[1] : header.value;
  const [head = '', claims = '', mac = '', ...more] = text?.split('.') ?? [];
  const kid = kidOf(head, algorithm);
  const [claimBytes, signature] = [claims, mac].map((part) => decode(part, 'base64url'));
  const payload = claimBytes && parseObject(claimBytes);
  if (kid === undefined || !payload || !signature?.length || more.length > 0) return refuse('malformed_signature');
  return ok({ kid, payload, signedText: `${head}.${claims}`, signature });
}

/** The same for a signature whose payload is left out (RFC 7515, appendix F): `<header>..<signature>`. */
export function readDetached(headers: Headers, name: string, algorithm: string): Result<DetachedToken, TokenFault> {
  const header = readHeader(headers, name, 'signature');
  if (!header.ok) return header;
  const [head = '', payload, mac = '', ...more] = header.value.split('.');
  const [kid, signature] = [kidOf(head, algorithm), decode(mac, 'base64url')];
  if (kid === undefined || payload !== '' || !signature?.length || more.length > 0)
    return refuse('malformed_signature');
  return ok({ head, kid, signature });
}

/**
 * The id of the key that a header names, empty if it names none; undefined if it is not a header that is understood. With a secret key
 * there is nothing to choose among, so that no id is looked at.
 */
function kidOf(head: string, algorithm: string): string | undefined {
  const bytes = decode(head, 'base64url');
  const parsed = bytes && parseObject(bytes);
  if (!parsed) return undefined;
  const { alg, kid = '', crit } = parsed;
  if (alg !== algorithm || crit !== undefined) return undefined;
  if (algorithm.startsWith('HS')) return '';
  return typeof kid === 'string' && (kid === '' || KID.test(kid)) ? kid : undefined;
}
