import type { Headers } from '../delivery.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';

/** Bytes of the longest accepted signature, timestamp or token header. */
export const MAX_HEADER_BYTES = 4096;

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
  const wellFormed = values?.length === 1 && value !== '' && isShort(value);
  return wellFormed ? ok(value) : refuse(`malformed_${carries}` as const);
}

/** A character takes three bytes of UTF-8 at most, so that most values need not be counted. */
const isShort = (value: string): boolean =>
  value.length <= MAX_HEADER_BYTES / 3 || Buffer.byteLength(value) <= MAX_HEADER_BYTES;

/**
 * The value of a header that is a list. Sent as several lines it is the list of all of them, as HTTP has it (RFC 9110, 5.3), with the
 * list's own separator between them, unless a line is empty or there twice: that is a mistake somewhere on the way, and no sender's meaning.
 */
export function readListHeader(
  headers: Headers,
  name: string,
  separator = ',',
): Result<string, 'missing_signature' | 'malformed_signature'> {
  const values = headers.get(name);
  if (values === undefined || values.length < 2) return readHeader(headers, name, 'signature');
  const wellFormed = values.every((value) => value !== '') && new Set(values).size === values.length;
  const value = values.join(separator);
  return wellFormed && isShort(value) ? ok(value) : refuse('malformed_signature');
}

/** The elements of a list, without the blanks around them (RFC 9110, 5.6.1). */
export function splitList(value: string, separator = ','): string[] {
  const elements: string[] = [];
  for (let start = 0; ;) {
    const found = value.indexOf(separator, start);
    const end = found < 0 ? value.length : found;
    elements.push(withoutBlanks(value, start, end));
    if (found < 0) return elements;
    start = end + separator.length;
  }
}

/** Only what HTTP calls optional white space goes; a pattern would take quadratic time on a run of blanks. */
function withoutBlanks(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** A space or a tab. */
const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;
