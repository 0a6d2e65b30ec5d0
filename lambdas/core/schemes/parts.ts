import type { Delivery } from '../delivery.ts';
import type { Options } from '../envelope.ts';

/**
 * One of the things that are signed, in their order, nothing between them but what is written: `['timestamp', { text: '.' },
 * 'body']`. The timestamp and the id are taken as the text that came, `method` in upper case.
 */
export type Part =
  'body' | 'timestamp' | 'id' | 'method' | 'url' | { readonly text: string } | { readonly header: string };

/** The values of a delivery for each kind of part. */
export interface PartValues {
  readonly timestamp: string;
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly header: (name: string) => string;
}

/** The texts before and after the body. */
export interface AroundBody {
  readonly before: string;
  readonly after: string;
}

/** Puts together what stands around the body, of parts that are looked at once, when the scheme is made. */
export function aroundBody(parts: readonly Part[]): (values: PartValues) => AroundBody {
  const at = parts.indexOf('body');
  const [before, after] = [joined(parts.slice(0, at)), joined(parts.slice(at + 1))];
  return (values) => ({ before: before(values), after: after(values) });
}

function joined(parts: readonly Part[]): (values: PartValues) => string {
  const readers = parts.map(readerOf);
  const [first, second] = readers;
  if (!first) return () => '';
  if (!second) return first;
  return (values) => {
    let text = '';
    for (const read of readers) text += read(values);
    return text;
  };
}

/** The characters of an id or another header that touches the body, which must not begin or end with one of them there. */
const WORD = /^[\w.:+=/~-]+$/;

/** Whether the bytes of a delivery are cut into their parts as they were when they were signed. */
export type CutCheck = (values: PartValues, body: Buffer) => boolean;

/**
 * The checks that let signed bytes be cut in one way alone: an id, or another header, could take bytes from the part beside it
 * otherwise, and a captured delivery be another event under the same signature. A header does not hold the text between it and the
 * next part towards the body. Throws if nothing tells two parts apart.
 */
export function cutChecks(parts: readonly Part[], isIso: boolean): readonly CutCheck[] {
  const at = parts.indexOf('body');
  return parts.flatMap((part, index): CutCheck[] => {
    if (!isFree(part)) return [];
    const read = readerOf(part);
    const next = parts[index < at ? index + 1 : index - 1];
    if (next === 'body')
      return [
        (values, body) => WORD.test(read(values)) && !WORD.test(String.fromCharCode(body.at(index < at ? 0 : -1) ?? 0)),
      ];
    const mark =
      typeof next === 'object' && 'text' in next ? next.text : next === 'timestamp' && isIso ? ':' : undefined;
    if (mark === undefined) throw new Error('two signed parts need a text between them');
    return [(values) => !read(values).includes(mark)];
  });
}

/** Whether a part can be any text. */
const isFree = (part: Part): boolean => part === 'id' || (typeof part === 'object' && 'header' in part);

/** Whether the timestamp touches another part: digits could be moved between the two. */
export function touchesTime(parts: readonly Part[]): boolean {
  const at = parts.indexOf('timestamp');
  return [parts[at - 1], parts[at + 1]].some(
    (part) => part !== undefined && !(typeof part === 'object' && 'text' in part),
  );
}

/** The headers that touch the body. */
export function headersBesideBody(parts: readonly Part[]): string[] {
  const at = parts.indexOf('body');
  return [parts[at - 1], parts[at + 1]].flatMap((part) =>
    typeof part === 'object' && 'header' in part ? [part.header] : [],
  );
}

const READERS = {
  timestamp: ({ timestamp }: PartValues) => timestamp,
  id: ({ id }: PartValues) => id,
  method: ({ method }: PartValues) => method,
  url: ({ url }: PartValues) => url,
};

function readerOf(part: Part): (values: PartValues) => string {
  if (typeof part === 'object') return 'text' in part ? () => part.text : ({ header }) => header(part.header);
  if (part === 'body') throw new Error('the body is signed once');
  return READERS[part];
}

/**
 * The URL that a provider has signed: the one that the source states, else the route's own without a query. A query that came
 * along is nothing to verify with: bytes of a captured delivery could be moved between it and the body.
 */
export function registeredUrl({ url }: Pick<Delivery, 'url'>, { publicUrl }: Options): string {
  if (typeof publicUrl === 'string') return publicUrl;
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
