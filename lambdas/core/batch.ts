import type { Envelope } from './envelope.ts';
import { isObject, parseJson } from './json.ts';
import type { JsonObject } from './json.ts';
import { EACH, findSlices } from './json-slices.ts';
import type { PathStep, Slice } from './json-slices.ts';
import { readLines } from './content.ts';
import type { Received } from './received.ts';

/** Reads one of a delivery's events; `received` is the whole delivery, `text` the event's own bytes in it. */
export type ItemReader = (item: JsonObject, received: Received, pointer: string, text: Buffer) => Envelope;

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
    return findSlices(body, path).map(({ at, pointer }) =>
      readItem(parseJson(slice(body, at)), at, pointer, received, read),
    );
  };
}

/** Reads a delivery that is one JSON text per line, each line an event. */
export const eachLine =
  (read: ItemReader) =>
  (received: Received): readonly Envelope[] =>
    readLines(received.body)?.map(({ value, at }, index) => readItem(value, at, `/${index}`, received, read)) ?? [
      { quarantine: 'not_json' },
    ];

function readItem(item: unknown, at: Slice, pointer: string, received: Received, read: ItemReader): Envelope {
  const envelope: Envelope = isObject(item)
    ? read(item, received, pointer, slice(received.body, at))
    : { quarantine: 'not_json' };
  return { pointer, ...envelope, at };
}

const slice = (body: Buffer, [start, end]: Slice): Buffer => body.subarray(start, end);

const valueAt = (value: unknown, path: readonly PathStep[]): unknown =>
  path.reduce((inner, step) => (isObject(inner) && typeof step === 'string' ? inner[step] : undefined), value);

export { EACH };
