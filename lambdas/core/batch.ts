import type { Envelope } from './envelope.ts';
import { isObject, parseJson } from './json.ts';
import type { JsonObject } from './json.ts';
import { EACH, findSlices } from './json-slices.ts';
import type { PathStep, Slice } from './json-slices.ts';
import { readLines } from './content.ts';
import type { Received } from './received.ts';

/**
 * Reads an element of a delivery as an event, or as the several that it holds in turn; `received` is the whole delivery, `text`
 * the element's own bytes in it. Each of several has the element as its body, because what they share is there.
 */
export type ItemReader = (
  item: JsonObject,
  received: Received,
  pointer: string,
  text: Buffer,
) => Envelope | readonly Envelope[];

/** The most bytes that the events of one text take together, if each keeps the whole text as its body. */
export const MAX_COPIED_BYTES = 256 * 1024 * 1024;

/**
 * Reads a delivery whose events are the elements of an array: `eachOf(['events', EACH], read)`, or `eachOf([EACH], read)` if
 * the body is the array. Each event's body is the element's own text. An element that is not an object waits in quarantine
 * alone; a body without the array does as a whole. An empty array carries no events.
 */
export function eachOf(path: readonly PathStep[], read: ItemReader): (received: Received) => readonly Envelope[] {
  const arrayPath = path.slice(0, path.indexOf(EACH));
  return (received) => {
    const { body, value } = received;
    if (value === undefined) return [{ quarantine: 'not_json' }];
    if (!Array.isArray(valueAt(value, arrayPath))) return [{ quarantine: 'no_event_id' }];
    return findSlices(body, path).flatMap(({ at, pointer }) =>
      readItem(parseJson(slice(body, at)), at, pointer, received, read),
    );
  };
}

/** Reads a delivery that is one JSON text per line, each line an event. */
export const eachLine =
  (read: ItemReader) =>
  (received: Received): readonly Envelope[] =>
    readLines(received.body)?.flatMap(({ value, at }, index) => readItem(value, at, `/${index}`, received, read)) ?? [
      { quarantine: 'not_json' },
    ];

function readItem(
  item: unknown,
  at: Slice,
  pointer: string,
  received: Received,
  read: ItemReader,
): readonly Envelope[] {
  if (!isObject(item)) return [{ quarantine: 'not_json', pointer, at }];
  const text = slice(received.body, at);
  const envelopes = [read(item, received, pointer, text)].flat();
  if (envelopes.length > 1 && envelopes.length * text.length > MAX_COPIED_BYTES)
    return [{ quarantine: 'unexpected_notification', pointer, at }];
  return envelopes.map((envelope) => ({ pointer, ...envelope, at }));
}

/** An element of an array inside an event's text. */
export interface Element {
  readonly item: unknown;
  readonly text: Buffer;
  /** Its place in the event's text, as a JSON pointer. */
  readonly pointer: string;
}

/** The elements to which a path leads in an event's text, which must be JSON that has been parsed; none if it leads to none. */
export const elementsOf = (text: Buffer, path: readonly PathStep[]): readonly Element[] =>
  findSlices(text, path).map(({ at, pointer }) => {
    const own = slice(text, at);
    return { item: parseJson(own), text: own, pointer };
  });

const slice = (body: Buffer, [start, end]: Slice): Buffer => body.subarray(start, end);

const valueAt = (value: unknown, path: readonly PathStep[]): unknown =>
  path.reduce((inner, step) => (isObject(inner) && typeof step === 'string' ? inner[step] : undefined), value);

export { EACH };
