import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { CLIENT_BOUNDS } from '../adapters/clients.ts';
import { setting } from '../adapters/environment.ts';
import { busSource } from '../contract.ts';
import { errorName } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import type { WebhookEvent } from '../core/event.ts';
import type { HandleBatch } from '../core/process/handle.ts';
import { bodies, bodyBucket } from './bodies.ts';
import { traced } from '../adapters/trace.ts';

/** Limits of PutEvents: entries a call, and bytes of all entries together. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
/** Bytes that an entry's time takes in EventBridge's own count. */
const TIME_BYTES = 14;

const client = traced(new EventBridgeClient(CLIENT_BOUNDS), 'EventBridge');
const busName = setting('busName');

/** An event and what EventBridge gets of it. */
interface Entry {
  readonly index: number;
  readonly request: PutEventsRequestEntry;
  readonly bytes: number;
}

/**
 * The default handler: publishes each event to the gateway's bus, so that a rule can take it from there. What no entry holds
 * is published by reference to its body in the body store.
 */
export const handleBatch: HandleBatch = async (events) => {
  const results: PromiseSettledResult<unknown>[] = events.map(() => ({ status: 'fulfilled', value: undefined }));
  const reject = (index: number, name: string): void => {
    results[index] = { status: 'rejected', reason: Object.assign(new Error(name), { name }) };
  };
  const entries: Entry[] = [];
  for (const [index, event] of events.entries()) {
    try {
      entries.push(inlineEntry(event, index) ?? (await referringEntry(event, index)));
    } catch (error) {
      reject(index, errorName(error));
    }
  }

  for (const chunk of chunks(entries)) {
    try {
      const answer = await client.send(new PutEventsCommand({ Entries: chunk.map(({ request }) => request) }));
      chunk.forEach(({ index }, position) => {
        const code = answer.Entries?.[position]?.ErrorCode;
        if (code !== undefined) reject(index, code);
      });
    } catch (error) {
      for (const { index } of chunk) reject(index, errorName(error));
    }
  }
  return results;
};

/** The provider's own text as `event`, so that no number loses its precision; undefined where no entry holds it. */
function inlineEntry(event: WebhookEvent, index: number): Entry | undefined {
  const { body, json } = event;
  if (body.length > MAX_BYTES) return undefined;
  const text = json ? body.toString('utf8').replace(/^\uFEFF/, '') : 'null';
  const entry = toEntry(event, index, json ? {} : { bodyBase64: body.toString('base64') }, text);
  return entry.bytes <= MAX_BYTES ? entry : undefined;
}

/** `metadata.body` says where the exact bytes lie. They are stored anew, so that they are kept from now on. */
async function referringEntry(event: WebhookEvent, index: number): Promise<Entry> {
  const { source, key, body } = event;
  const bodyHash = sha256(body);
  const at = { bucket: bodyBucket, key: await bodies.put({ source, key, body, bodyHash }) };
  return toEntry(event, index, { body: { ...at, bytes: body.length, sha256: bodyHash } }, 'null');
}

/** `detail` is `{metadata, event}`; `text` is JSON. */
function toEntry({ body, json, ...metadata }: WebhookEvent, index: number, more: object, text: string): Entry {
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
function chunks(entries: readonly Entry[]): Entry[][] {
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
