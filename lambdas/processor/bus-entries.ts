import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { setting } from '../adapters/environment.ts';
import { busSource } from '../contract.ts';
import { sha256 } from '../core/hash.ts';
import { parseObject } from '../core/json.ts';
import type { HandledEvent } from '../core/process/handle.ts';
import { bodies, bodyBucket } from './bodies.ts';

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

/**
 * The provider's own text as `event`, so that no number loses its precision; undefined if no entry holds it. A body that
 * travels by reference is not parsed at all.
 */
function inlineEntry(event: HandledEvent, index: number): Entry | undefined {
  const { body } = event;
  if (body.length > MAX_BYTES) return undefined;
  const isObject = parseObject(body) !== undefined;
  const text = isObject ? body.toString('utf8').replace(/^\uFEFF/, '') : 'null';
  const entry = toEntry(event, index, isObject ? {} : { bodyBase64: body.toString('base64') }, text);
  return entry.bytes <= MAX_BYTES ? entry : undefined;
}

/** `metadata.body` says where the exact bytes are. They are stored again, so that their retention starts now. */
async function referringEntry(event: HandledEvent, index: number): Promise<Entry> {
  const { source, key, body } = event;
  const bodyHash = sha256(body);
  const at = { bucket: bodyBucket, key: await bodies.put({ source, key, body, bodyHash }) };
  return toEntry(event, index, { body: { ...at, bytes: body.length, sha256: bodyHash } }, 'null');
}

/** `detail` is `{metadata, event}`; `text` is JSON. */
function toEntry({ body, ...metadata }: HandledEvent, index: number, more: object, text: string): Entry {
  const request = {
    EventBusName: busName,
    Source: busSource(metadata.source),
    DetailType: metadata.type,
    Time: new Date(metadata.time ?? metadata.receivedAt),
    Detail: `{"metadata":${JSON.stringify({ ...metadata, ...more })},"event":${text}}`,
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
