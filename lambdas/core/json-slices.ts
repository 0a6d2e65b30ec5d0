/** Where a value's text is in a body: from its first byte to the one after its last. */
export type Slice = readonly [start: number, end: number];

/** A step into a JSON value: a field by name, or every element of an array. */
export type PathStep = string | typeof EACH;
export const EACH = Symbol('each');

/** A value that a path leads to. */
export interface Found {
  readonly at: Slice;
  /** Its place in the body, as a JSON pointer (RFC 6901). */
  readonly pointer: string;
}

/**
 * Where the values are that a path leads to. The body must be JSON that has been parsed: this reads bytes, so that each event of
 * a delivery keeps the exact text that came. A number that JavaScript cannot hold stays as it is. Values that are not of the
 * path's shape are passed over.
 */
export function findSlices(body: Buffer, path: readonly PathStep[]): readonly Found[] {
  const found: Found[] = [];
  walk(body, skipBlanks(body, startOf(body)), path, '', found);
  return found;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Past a byte order mark. */
const startOf = (body: Buffer): number => (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0);

function walk(body: Buffer, start: number, path: readonly PathStep[], pointer: string, found: Found[]): void {
  const [step, ...rest] = path;
  if (step === undefined) found.push({ at: [start, endOf(body, start)], pointer });
  else if (step === EACH) {
    let index = 0;
    for (const at of membersOf(body, start, OPEN_ARRAY, CLOSE_ARRAY))
      walk(body, at, rest, `${pointer}/${index++}`, found);
  } else {
    const at = fieldOf(body, start, step);
    if (at !== undefined) walk(body, at, rest, `${pointer}/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`, found);
  }
}

/** Where a field's value begins; the last one of that name, as for `JSON.parse`. */
function fieldOf(body: Buffer, start: number, name: string): number | undefined {
  let at: number | undefined;
  for (const key of membersOf(body, start, OPEN_OBJECT, CLOSE_OBJECT)) {
    const keyEnd = endOf(body, key);
    if (JSON.parse(body.toString('utf8', key, keyEnd)) === name) at = valueAfter(body, keyEnd);
  }
  return at;
}

/** Past the colon after a key. */
const valueAfter = (body: Buffer, keyEnd: number): number => skipBlanks(body, skipBlanks(body, keyEnd) + 1);

/** Where the elements of an array begin, or the keys of an object; none if the value is of another kind. */
function* membersOf(body: Buffer, start: number, open: number, close: number): Generator<number> {
  if (body[start] !== open) return;
  let at = skipBlanks(body, start + 1);
  while (at < body.length && body[at] !== close) {
    yield at;
    const end = endOf(body, at);
    at = skipBlanks(body, open === OPEN_OBJECT ? endOf(body, valueAfter(body, end)) : end);
    if (body[at] === COMMA) at = skipBlanks(body, at + 1);
  }
}

function skipBlanks(body: Buffer, start: number): number {
  let at = start;
  while (body[at] === 0x20 || body[at] === 0x0a || body[at] === 0x0d || body[at] === 0x09) at++;
  return at;
}

/** Past the value that begins here. It takes no stack, however deep the value is. */
function endOf(body: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const byte = body[at];
    if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
    if (byte === QUOTE) at = endOfText(body, at);
    else at = depth > 0 || isBracket(byte) ? at + 1 : endOfWord(body, at);
  } while (depth > 0 && at < body.length);
  return at;
}

const isBracket = (byte: number | undefined): boolean => byte === CLOSE_ARRAY || byte === CLOSE_OBJECT;

function endOfText(body: Buffer, start: number): number {
  for (let at = body.indexOf(QUOTE, start + 1); at >= 0; at = body.indexOf(QUOTE, at + 1)) {
    let escapes = 0;
    while (body[at - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return body.length;
}

/** Past a number, true, false or null. */
function endOfWord(body: Buffer, start: number): number {
  let at = start;
  while (at < body.length && !isEnd(body[at])) at++;
  return Math.max(at, start + 1);
}

const isEnd = (byte: number | undefined): boolean =>
  byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || (byte !== undefined && byte <= 0x20);
