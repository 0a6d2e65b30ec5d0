import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { setting } from '../adapters/environment.ts';
import { busSource } from '../contract.ts';
import type { HandledEvent } from '../core/process/handle.ts';
import { sourceOf } from '../core/target.ts';
import { detailOf, referringDetailOf } from './detail.ts';

/** Limits of PutEvents: entries per call, and bytes of all entries together. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
/** Bytes that an entry's time takes in EventBridge's own count. */
const TIME_BYTES = 14;

const busName = setting('busName');

/** The entry that EventBridge gets for an event. */
export interface Entry {
  /** The place of the event in its batch. */
  readonly index: number;
  readonly request: PutEventsRequestEntry;
  readonly bytes: number;
}

/** The entry of an event. An event that no entry holds is published by reference to its body in the body store. */
export const entryOf = async (event: HandledEvent, index: number): Promise<Entry> =>
  inlineEntry(event, index) ?? referringEntry(event, index);

/** Undefined if no entry holds the event. */
function inlineEntry(event: HandledEvent, index: number): Entry | undefined {
  const detail = detailOf(event, MAX_BYTES);
  const entry = detail === undefined ? undefined : toEntry(event, index, detail);
  return entry && entry.bytes <= MAX_BYTES ? entry : undefined;
}

const referringEntry = async (event: HandledEvent, index: number): Promise<Entry> =>
  toEntry(event, index, await referringDetailOf(event));

function toEntry({ source, type, time, receivedAt }: HandledEvent, index: number, Detail: string): Entry {
  const request = {
    EventBusName: busName,
    Source: busSource(sourceOf(source)),
    DetailType: type,
    Time: new Date(time ?? receivedAt),
    Detail,
  };
  const bytes =
    TIME_BYTES + [request.Source, request.DetailType, request.Detail].reduce((sum, s) => sum + Buffer.byteLength(s), 0);
  return { index, request, bytes };
}

/** Splits entries so that each part is within the limits of one call. */
export function chunks(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = [];
  let size = 0;
  for (const entry of entries) {
    const last = parts.at(-1);
    if (!last || last.length === MAX_ENTRIES || size + entry.bytes > MAX_BYTES) {
      parts.push([entry]);
      size = entry.bytes;
    } else {
      last.push(entry);
      size += entry.bytes;
    }
  }
  return parts;
}
