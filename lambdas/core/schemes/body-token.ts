import { ok, refuse } from '../result.ts';
import { cached } from './cache.ts';
import { isOneOf, tokenDigest } from './mac.ts';
import type { Scheme } from './scheme.ts';

export interface BodyTokenSpec {
  /** Reads the tokens of a body, which may be anything. Every one must be right; none is none. */
  readonly read: (body: Buffer) => readonly string[];
  /** The body with its token; a body of another form as it is. */
  readonly write: (body: Buffer, token: string) => Buffer;
  /** The most characters that the provider takes. */
  readonly maxLength: number;
}

/**
 * A token that is a field of the body, once or in each of its events. It proves who called and nothing else: whoever has seen one
 * delivery can make others. It is compared by its hash, so that no comparison tells how much of it was right.
 */
export function bodyToken({ read, write, maxLength }: BodyTokenSpec): Scheme {
  const isToken = (text: string): boolean => text !== '' && text.length <= maxLength;
  const expectedOf = cached((secret) => (isToken(secret) ? tokenDigest(secret) : undefined));
  return {
    title: 'token in the body',
    coverage: 'caller',
    headers: [],

    read({ body }) {
      const tokens = read(body);
      if (tokens.length === 0) return refuse('missing_signature');
      const presented = [...new Set(tokens)].map(tokenDigest);
      return ok({
        matches(secret: string) {
          const expected = expectedOf(secret);
          return expected !== undefined && presented.every((each) => isOneOf([each], expected));
        },
      });
    },

    sign: ({ body, secrets: [secret] }) => ({ headers: {}, body: write(body, secret) }),
    accepts: isToken,
    secretFrom: (seed) => ({ stored: seed.slice(0, maxLength), signing: seed.slice(0, maxLength) }),
  };
}
