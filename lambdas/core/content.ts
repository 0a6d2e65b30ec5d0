import { isObject, parseJson } from './json.ts';

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

/** The most fields, parts or lines that are read of one body. */
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

/** A part of a multipart body. */
export interface FormPart {
  readonly name: string;
  readonly filename?: string;
  readonly contentType?: string;
  readonly content: Buffer;
}

const LINE_BREAK = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * The parts of a `multipart/form-data` body (RFC 7578); undefined if the body is not one. The boundary is taken from the body's
 * own first line, because the header that also names it is not signed.
 */
export function readMultipart(body: Buffer): readonly FormPart[] | undefined {
  const lineEnd = body.indexOf(LINE_BREAK);
  const first = body.toString('latin1', 0, Math.min(Math.max(lineEnd, 0), 100));
  if (lineEnd !== first.length || !/^--[\w'()+,./:=? -]{1,70}$/.test(first)) return undefined;
  const delimiter = Buffer.from(`\r\n${first}`, 'latin1');
  const parts: FormPart[] = [];
  let start = lineEnd;
  while (parts.length < MAX_PARTS) {
    const end = body.indexOf(delimiter, start);
    if (end < 0) return undefined;
    const part = readPart(body.subarray(start, end));
    if (!part) return undefined;
    parts.push(part);
    start = end + delimiter.length;
    if (body.toString('latin1', start, start + 2) === '--') return parts;
  }
  return undefined;
}

/** A part from the line break after its delimiter on. */
function readPart(part: Buffer): FormPart | undefined {
  const headEnd = part.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = part.toString('utf8', 0, headEnd);
  const [, disposition = ''] = /\r\ncontent-disposition: *form-data *;([^\r\n]*)/i.exec(head) ?? [];
  const [, name] = /(?:^|;) *name="([^"]*)"/i.exec(disposition) ?? [];
  const [, filename] = /(?:^|;) *filename="([^"]*)"/i.exec(disposition) ?? [];
  const [, contentType] = /\r\ncontent-type: *([^\r\n]+)/i.exec(head) ?? [];
  if (name === undefined) return undefined;
  return {
    name,
    ...(filename !== undefined && { filename }),
    ...(contentType !== undefined && { contentType }),
    content: part.subarray(headEnd + HEAD_END.length),
  };
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
