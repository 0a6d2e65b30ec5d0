import { isObject, parseJson } from './json.ts';
import { readMultipart } from './multipart.ts';

export { readMultipart } from './multipart.ts';
export type { FormPart } from './multipart.ts';

/** A kind of body that a provider sends. Each is a value of its own, so that a bundle holds those that it uses. */
export interface ContentKind {
  readonly name: 'JSON object' | 'JSON' | 'form' | 'multipart' | 'JSON lines' | 'empty' | 'bytes';
  /** Whether a body is of this kind; `value` is its JSON, undefined if it is not JSON. */
  reads(body: Buffer, value: () => unknown): boolean;
}

export const OBJECT: ContentKind = { name: 'JSON object', reads: (_body, value) => isObject(value()) };
/** JSON of any shape. */
export const JSON_VALUE: ContentKind = { name: 'JSON', reads: (_body, value) => value() !== undefined };
export const FORM: ContentKind = { name: 'form', reads: (body) => readForm(body) !== undefined };
export const MULTIPART: ContentKind = { name: 'multipart', reads: (body) => readMultipart(body) !== undefined };
export const JSON_LINES: ContentKind = { name: 'JSON lines', reads: (body) => readLines(body) !== undefined };
export const EMPTY: ContentKind = { name: 'empty', reads: (body) => body.length === 0 };
/** Whatever comes: what is in it is the handler's affair. */
export const BYTES: ContentKind = { name: 'bytes', reads: () => true };

/** The fields of a form: several values if a name came several times. */
export type Form = ReadonlyMap<string, readonly string[]>;

/** The most fields or lines that are read of one body. */
const MAX_PARTS = 10_000;

/** The fields of an `application/x-www-form-urlencoded` body; undefined if the body cannot be one. */
export function readForm(body: Buffer): Form | undefined {
  // A form is ASCII without white space, and starts with a name: that tells it from JSON and from text.
  const text = body.toString('latin1');
  if (!/^[!-~]+$/.test(text) || !/^[\w.*+%[\]~-]+=/.test(text)) return undefined;
  const fields = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > MAX_PARTS) return undefined;
    const known = fields.get(name);
    if (known) known.push(value);
    else fields.set(name, [value]);
  }
  return fields;
}

/** A value of a body of JSON lines, and where its text is. */
export interface JsonLine {
  readonly value: unknown;
  readonly at: readonly [start: number, end: number];
}

/** The values of a body that is one JSON text per line, empty lines aside; undefined if a line is not JSON, or there is none. */
export function readLines(body: Buffer): readonly JsonLine[] | undefined {
  const lines: JsonLine[] = [];
  for (let start = 0; start < body.length;) {
    const found = body.indexOf('\n', start);
    const end = found < 0 ? body.length : found;
    const line = body.subarray(start, end);
    if (line.toString('latin1').trim() !== '') {
      const value = parseJson(line);
      if (value === undefined || lines.length >= MAX_PARTS) return undefined;
      lines.push({ value, at: [start, end] });
    }
    start = end + 1;
  }
  return lines.length > 0 ? lines : undefined;
}
