import { isIP } from 'node:net';
import { z } from 'zod';
import { nearest } from './nearest.ts';

/*
 * The rules for values, each with the sentence that states it. Two checks of one value share their sentence, so that the
 * person who reads it learns the whole rule, whichever check failed.
 */

export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function oneOf(choices: readonly string[]) {
  return z.enum(choices, { error: `must be one of ${choices.map((choice) => `"${choice}"`).join(', ')}` });
}

export function text(
  pattern = /\S/,
  error = pattern.source === '\\S' ? 'must be a text' : `must match ${pattern.source}`,
) {
  return z.string({ error }).regex(pattern, { error });
}

/** An object with these keys and no other. `elsewhere` says of keys that others have why this one has them not. */
export function section<Shape extends z.ZodRawShape>(shape: Shape, elsewhere: Readonly<Record<string, string>> = {}) {
  const allowed = Object.keys(shape);
  const unknown = (key: string): string => {
    const near = nearest(key, allowed);
    const known = Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined;
    const hint = known ?? (near === undefined ? undefined : `did you mean "${near}"?`);
    return [`unknown key "${key}"`, `allowed: ${allowed.join(', ') || 'none'}`, hint].filter(Boolean).join('; ');
  };
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? issue.keys.map(unknown).join('\n') : 'must be an object'),
  });
}

export const flag = z.boolean({ error: 'must be true or false' });

const URL_RULE = 'must be an absolute https URL without a fragment';
const BARE_RULE = 'must have no user name and no password, and no invisible character';

/** An https URL; http is for this machine only. */
export const httpsUrl = z
  .string({ error: URL_RULE })
  .refine(isHttpsUrl, { error: URL_RULE, abort: true })
  .refine((value) => /^https?:\/\/[^/?#@\\]+([/?]|$)/i.test(value) && !/\p{C}/u.test(value), {
    error: BARE_RULE,
    abort: true,
  });

function isHttpsUrl(value: string): boolean {
  const url = URL.parse(value);
  if (!url || value.includes('#') || /\s/.test(value)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname));
}

/** The address of the docs is in every alarm's text, before the page and the section; CloudWatch takes 1,024 characters of it. */
const DOCS_RULE = 'must be an https URL without a query, 300 characters at most';
export const docsUrl = httpsUrl.refine((value) => value.length <= 300 && !value.includes('?'), { error: DOCS_RULE });

/** An e-mail address, as far as one can be told from anything else. */
export const emailAddress = text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'must be an e-mail address');

const RANGE_RULE = 'must be an IPv4 or IPv6 address, or a range such as "203.0.113.0/24"';

/** An address or a range of addresses. A range of all addresses is refused: it would look like a list and be none. */
export const addressRange = z.string({ error: RANGE_RULE }).refine(isAddressRange, { error: RANGE_RULE });

function isAddressRange(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  const version = isIP(address);
  // Node takes an IPv6 zone such as `%eth0`, which means something on one machine alone.
  if (version === 0 || address.includes('%') || rest.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
