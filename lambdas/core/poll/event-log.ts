import type { Envelope } from '../envelope.ts';
import { isObject, isTooDeep, parseJson } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { findSlices } from '../json-slices.ts';
import type { PathStep } from '../json-slices.ts';
import type { ApiCall, LoggedEvent } from '../missed-events.ts';
import { receivedBody } from '../received.ts';
import type { Received } from '../received.ts';
import { unreadableEntry } from './list.ts';

/** Reads an event by the rule for what is delivered, so that it has the same key both ways. */
export type ReadEvents = (received: Received) => Envelope;

/** The texts in an answer to which a path leads, each exactly as it came: a number that JavaScript cannot hold stays as it is. */
export function textsAt(answer: string, path: readonly PathStep[]): readonly Buffer[] {
  const bytes = Buffer.from(answer);
  return findSlices(bytes, path).map(({ at: [start, end] }) => bytes.subarray(start, end));
}

/** Where the body of an event is in an entry of a log, and when the entry was made. */
export interface EntryShape {
  /** Default: the entry is the event. */
  readonly body?: readonly string[];
  /** Default: the event's own time. */
  readonly timeOf?: (entry: JsonObject) => Date | undefined;
}

/** Reads the entries of an answer as events. An entry that cannot be read is quarantined under its hash, and stops no other. */
export const readLoggedEvents = (
  answer: string,
  path: readonly PathStep[],
  { now, options }: Pick<ApiCall, 'now' | 'options'>,
  readEvents: ReadEvents,
  { body: bodyAt = [], timeOf }: EntryShape = {},
): LoggedEvent[] =>
  textsAt(answer, path).map((text) => {
    const entry = parseJson(text);
    if (!isObject(entry)) return unreadableEntry(entry, 'entry_not_object');
    if (isTooDeep(entry)) return unreadableEntry(entry, 'entry_too_deep');
    const [body] = bodyAt.length === 0 ? [text] : textsAt(text.toString(), bodyAt);
    const at = timeOf?.(entry);
    if (!body || !isObject(parseJson(body))) return { ...unreadableEntry(entry, 'payload_missing'), at };
    const envelope = readEvents(receivedBody(body, { now, options }));
    return { body, envelope, at: at ?? envelope.time };
  });
