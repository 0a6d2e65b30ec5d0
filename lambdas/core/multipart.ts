/** A part of a multipart body. */
export interface FormPart {
  readonly name: string;
  readonly filename?: string;
  readonly contentType?: string;
  readonly content: Buffer;
}

/** The most parts that are read of one body. */
const MAX_PARTS = 10_000;
/** Bytes before the first delimiter at most, and bytes of the longest first delimiter with the blanks behind it. */
const MAX_PREAMBLE = 4096;
const MAX_LINE = 200;

const LINE_BREAK = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_START = Buffer.from('\r\n--');

/**
 * The parts of a `multipart/form-data` body (RFC 7578); undefined if the body is not one. The boundary is taken from the body's
 * own first delimiter, because the header that also names it is not signed.
 */
export function readMultipart(body: Buffer): readonly FormPart[] | undefined {
  const first = firstDelimiter(body);
  if (!first) return undefined;
  const delimiter = Buffer.from(`\r\n${first.text}`, 'latin1');
  const parts: FormPart[] = [];
  let { end: start } = first;
  while (parts.length < MAX_PARTS) {
    const next = nextDelimiter(body, delimiter, start);
    if (!next) return parts.length === 0 && isEmptyForm(body, first) ? [] : undefined;
    const part = readPart(body.subarray(start, next.at));
    if (!part) return undefined;
    parts.push(part);
    if (next.end === undefined) return parts;
    start = next.end;
  }
  return undefined;
}

interface FirstDelimiter {
  /** Its line without the blanks at the end. */
  readonly text: string;
  /** The end of its line. */
  readonly end: number;
}

/** The first line that begins with dashes, if it is a delimiter. There may be a line break or a preamble before it. */
function firstDelimiter(body: Buffer): FirstDelimiter | undefined {
  const before = isAt(body, 0, '--') ? -2 : body.indexOf(LINE_START);
  if (before === -1 || before > MAX_PREAMBLE) return undefined;
  const at = before + 2;
  const found = body.indexOf(LINE_BREAK, at);
  const end = found < 0 ? body.length : found;
  const line = body.toString('latin1', at, Math.min(end, at + MAX_LINE));
  const [, text] = /^(--[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])[ \t]*$/.exec(line) ?? [];
  return text === undefined || end - at > MAX_LINE ? undefined : { text, end };
}

/** Whether these characters are at this place. */
const isAt = (body: Buffer, at: number, text: string): boolean =>
  body.toString('latin1', at, at + text.length) === text;

/** A form without fields is its last delimiter alone: `--B--`. */
const isEmptyForm = (body: Buffer, { text, end }: FirstDelimiter): boolean =>
  /^--.+--$/.test(text) && body.toString('latin1', end).trim() === '';

/**
 * The next delimiter: its place, and the end of its line, if it is not the last one. A line that only begins like it, as the
 * delimiter `--B2` of a form in a form does, is content.
 */
function nextDelimiter(
  body: Buffer,
  delimiter: Buffer,
  from: number,
): { readonly at: number; readonly end?: number } | undefined {
  for (let at = body.indexOf(delimiter, from); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    let end = at + delimiter.length;
    if (/^--(?![\w'()+,./:=?-])/.test(body.toString('latin1', end, end + 3))) return { at };
    while (body[end] === 0x20 || body[end] === 0x09) end++;
    if (isAt(body, end, '\r\n')) return { at, end };
  }
  return undefined;
}

/** A part from the line break after its delimiter on. */
function readPart(part: Buffer): FormPart | undefined {
  const headEnd = part.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = part.toString('utf8', 0, headEnd).replace(/\r\n[ \t]+/g, ' ');
  const [, disposition = ''] = /\r\ncontent-disposition:[ \t]*form-data[ \t]*;([^\r\n]*)/i.exec(head) ?? [];
  const [, contentType] = /\r\ncontent-type: *([^\r\n]+)/i.exec(head) ?? [];
  const parameters = parametersOf(disposition);
  const [name, ...others] = parameters.get('name') ?? [];
  const [filename] = parameters.get('filename') ?? [];
  // Which of two names the sender meant is nothing to guess at.
  if (name === undefined || others.length > 0) return undefined;
  return {
    name,
    ...(filename !== undefined && { filename }),
    ...(contentType !== undefined && { contentType }),
    content: part.subarray(headEnd + HEAD_END.length),
  };
}

/**
 * One parameter and the semicolon behind it. Quotes and backslashes in a quoted value are escaped, or not at all: a browser's file
 * may be called `a\`.
 */
const PARAMETER =
  /[ \t]*([^\s=;"]+)=(?:"((?:\\.|[^"\\])*)"[ \t]*(?:;|$)|"([^"]*)"[ \t]*(?:;|$)|([^\s;"]+)[ \t]*(?:;|$))/gy;

/** The parameters of a header, by lower-case name. They are read one after the other, because a quoted value may hold any text. */
function parametersOf(text: string): ReadonlyMap<string, readonly string[]> {
  const parameters = new Map<string, string[]>();
  for (const [, name = '', escaped, bare, token = ''] of text.matchAll(PARAMETER)) {
    const value = escaped?.replace(/\\(["\\])/g, '$1') ?? bare ?? token;
    const known = parameters.get(name.toLowerCase());
    if (known) known.push(value);
    else parameters.set(name.toLowerCase(), [value]);
  }
  return parameters;
}
