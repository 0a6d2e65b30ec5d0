import type { Headers } from '../delivery.ts';
import { MAX_HEADER_BYTES } from '../provider.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';

/**
 * The one value of a header that carries a signature or a timestamp. Sent twice, empty, or longer than
 * {@link MAX_HEADER_BYTES} it is malformed: which of two values a sender meant is nothing to guess at.
 */
export function readHeader<Carries extends 'signature' | 'timestamp'>(
  headers: Headers,
  name: string,
  carries: Carries,
): Result<string, `missing_${Carries}` | `malformed_${Carries}`> {
  const values = headers.get(name);
  const value = values?.[0];
  if (value === undefined) return refuse(`missing_${carries}` as const);
  const wellFormed = values?.length === 1 && value !== '' && Buffer.byteLength(value) <= MAX_HEADER_BYTES;
  return wellFormed ? ok(value) : refuse(`malformed_${carries}` as const);
}

/** The elements of a comma-separated header, without the blanks around them (RFC 9110, 5.6.1). */
export const splitList = (value: string): string[] => value.split(',').map(trimBlanks);

/** Only what HTTP calls optional white space goes; a pattern would take quadratic time on a run of blanks. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** A space or a tab. */
const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;
