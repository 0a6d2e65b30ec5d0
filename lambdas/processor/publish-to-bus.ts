import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { setting } from '../adapters/environment.ts';
import { busSource } from '../contract.ts';
import type { WebhookEvent } from '../core/event.ts';
import type { HandleBatch } from '../core/process.ts';

/** Limits of PutEvents: entries a call, and bytes of all entries together. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
/** Bytes that an entry's time takes in EventBridge's own count. */
const TIME_BYTES = 14;

const client = new EventBridgeClient({ maxAttempts: 3 });
const busName = setting('busName');

/** An event and what EventBridge gets of it. */
interface Entry {
  readonly index: number;
  readonly request: PutEventsRequestEntry;
  readonly bytes: number;
}

/** The default handler: publishes each event to the gateway's bus, so that a rule can take it from there. */
export const handleBatch: HandleBatch = async (events) => {
  const results: PromiseSettledResult<unknown>[] = events.map(() => ({ status: 'fulfilled', value: undefined }));
  const reject = (index: number, name: string): void => {
    results[index] = { status: 'rejected', reason: Object.assign(new Error(name), { name }) };
  };
  const entries = events.map(toEntry);
  for (const { index, bytes } of entries) if (bytes > MAX_BYTES) reject(index, 'EventTooLargeForBus');
  const publishable = entries.filter(({ bytes }) => bytes <= MAX_BYTES);

  for (const chunk of chunks(publishable)) {
    try {
      const answer = await client.send(new PutEventsCommand({ Entries: chunk.map(({ request }) => request) }));
      chunk.forEach(({ index }, position) => {
        const code = answer.Entries?.[position]?.ErrorCode;
        if (code !== undefined) reject(index, code);
      });
    } catch (error) {
      for (const { index } of chunk) reject(index, error instanceof Error ? error.name : 'PutEventsFailed');
    }
  }
  return results;
};

/** `detail` is `{metadata, event}`; the event is the provider's own text, so that no number loses its precision. */
function toEntry(event: WebhookEvent, index: number): Entry {
  const { body, json, ...metadata } = event;
  const text = json ? body.toString('utf8').replace(/^\uFEFF/, '') : 'null';
  const raw = json ? {} : { bodyBase64: body.toString('base64') };
  const request = {
    EventBusName: busName,
    Source: busSource(event.source),
    DetailType: event.type,
    Time: new Date(event.time ?? event.receivedAt),
    Detail: `{"metadata":${JSON.stringify({ ...metadata, ...raw })},"event":${text}}`,
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
