import type { Delivery } from '../delivery.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { cached } from './cache.ts';
import { readHeader } from './headers.ts';
import { decode, isOneOf, tokenDigest } from './mac.ts';
import type { Scheme, Signed } from './scheme.ts';
import { secretPart } from './secret-parts.ts';

/** Where a delivery carries the token that the provider was given. */
export type TokenPlace =
  /** A header of its own, as it is. */
  | { readonly header: string }
  /** `Authorization: Bearer <token>` (RFC 6750). */
  | 'bearer'
  /** `Authorization: Basic <base64 of user:password>` (RFC 7617): the secret is the text `user:password`. */
  | 'basic'
  /** A parameter of the query. */
  | { readonly query: string };

export interface TokenSpec {
  readonly in: TokenPlace;
  /** The field of a secret that is JSON. */
  readonly part?: string;
}

type TokenFault = 'missing_signature' | 'malformed_signature';

/**
 * A token that comes with every delivery, and proves who called and nothing else: whoever has seen one delivery can make
 * others. It is compared by its hash, so that no comparison tells how much of it was right.
 */
export function token({ in: described, part }: TokenSpec): Scheme {
  const place =
    typeof described === 'object' && 'header' in described ? { header: described.header.toLowerCase() } : described;
  const expectedOf = cached((secret) => {
    const text = part === undefined ? secret : secretPart(secret, part);
    const isToken = text !== undefined && (place === 'bearer' ? /^[!-~]+$/.test(text) : text !== '');
    return isToken ? tokenDigest(text) : undefined;
  });
  return {
    title: TITLES[typeof place === 'string' ? place : 'header' in place ? 'header' : 'query'],
    coverage: 'caller',
    headers: headerOf(place).map((name) => ({ name, carries: 'token' })),

    read(delivery) {
      const received = readToken(delivery, place);
      if (!received.ok) return received;
      const presented = [tokenDigest(received.value)];
      return ok({
        matches(secret: string) {
          const expected = expectedOf(secret);
          return expected !== undefined && isOneOf(presented, expected);
        },
      });
    },

    sign: ({ url, secrets: [secret] }) =>
      writeToken(url, part === undefined ? secret : (secretPart(secret, part) ?? ''), place),
    accepts: (secret) => expectedOf(secret) !== undefined,

    secretFrom(seed) {
      // A token behind "Bearer" has no blank in it (RFC 6750, 2.1).
      const bearer = /^[!-~]+$/.test(seed) ? seed : tokenDigest(seed).toString('base64url');
      const text = place === 'basic' ? `hookgate:${seed}` : place === 'bearer' ? bearer : seed;
      const secret = part === undefined ? text : JSON.stringify({ [part]: text });
      return { stored: secret, signing: secret };
    },
  };
}

const TITLES = {
  header: 'token in a header',
  bearer: 'bearer token',
  basic: 'HTTP Basic',
  query: 'token in the URL',
} as const;

const headerOf = (place: TokenPlace): string[] =>
  typeof place === 'string' ? ['authorization'] : 'header' in place ? [place.header] : [];

function readToken({ headers, url }: Delivery, place: TokenPlace): Result<string | Buffer, TokenFault> {
  if (typeof place === 'object' && 'query' in place) return readQuery(url, place.query);
  const header = readHeader(headers, typeof place === 'string' ? 'authorization' : place.header, 'signature');
  if (!header.ok || typeof place !== 'string') return header;
  const [, credentials] = (place === 'bearer' ? /^bearer +(\S+)$/i : /^basic +(\S+)$/i).exec(header.value) ?? [];
  if (credentials === undefined) return refuse('malformed_signature');
  if (place === 'bearer') return ok(credentials);
  const bytes = decode(credentials, 'base64');
  return bytes ? ok(bytes) : refuse('malformed_signature');
}

function readQuery(url: string, name: string): Result<string, TokenFault> {
  const values = URL.parse(url)?.searchParams.getAll(name) ?? [];
  const [value] = values;
  if (value === undefined) return refuse('missing_signature');
  return values.length === 1 && value !== '' ? ok(value) : refuse('malformed_signature');
}

function writeToken(url: string, text: string, place: TokenPlace): Signed {
  if (place === 'bearer') return { headers: { authorization: `Bearer ${text}` } };
  if (place === 'basic') return { headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } };
  if ('header' in place) return { headers: { [place.header]: text } };
  const parameter = `${encodeURIComponent(place.query)}=${encodeURIComponent(text)}`;
  return { headers: {}, url: `${url}${url.includes('?') ? '&' : '?'}${parameter}` };
}
