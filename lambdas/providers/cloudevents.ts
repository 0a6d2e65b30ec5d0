import { EACH, eachOf } from '../core/batch.ts';
import type { ItemReader } from '../core/batch.ts';
import { allowOrigin } from '../core/cloudevents.ts';
import { BYTES, JSON_VALUE } from '../core/content.ts';
import type { Envelope } from '../core/envelope.ts';
import { derivedKey } from '../core/event-key.ts';
import type { EventKey } from '../core/event-key.ts';
import { defineProvider } from '../core/provider.ts';
import type { Received } from '../core/received.ts';
import { anyOf } from '../core/schemes/any-of.ts';
import { readText } from '../core/schemes/fields.ts';
import { parseIsoTime } from '../core/schemes/time.ts';
import { token } from '../core/schemes/token.ts';

/**
 * Whoever sends CloudEvents (1.0.2) by "HTTP 1.1 Web Hooks for Event Delivery": a bearer token, or an `access_token` in the query
 * (3.1, 3.2), and a handshake by OPTIONS (4). Events come in structured, batched or binary mode (HTTP Protocol Binding, 3).
 */
export const cloudevents = defineProvider({
  name: 'cloudevents',
  title: 'CloudEvents',
  documents: {
    source: 'https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md',
    confidence: 'confirmed',
  },
  methods: ['POST', 'OPTIONS'],
  scheme: anyOf(token({ in: 'bearer' }), token({ in: { query: 'access_token' } })),
  secret: { madeBy: 'customer' },
  identity: 'body',
  content: [JSON_VALUE, BYTES],
  batches: true,
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents(received) {
    const contentType = received.header('content-type')?.toLowerCase() ?? '';
    if (contentType.startsWith('application/cloudevents-batch')) return readBatch(received);
    if (contentType.startsWith('application/cloudevents')) return readAttributes((name) => received.json[name]);
    // Of a header that is a letter beyond ASCII, percent-encoded, the text as it came is as good a key.
    return readAttributes((name) => received.header(`ce-${name}`));
  },

  handshakes: { echo: ({ method, headers }) => (method === 'OPTIONS' ? allowOrigin(headers) : undefined) },

  sample: ({ id, now, type = 'com.example.object.created' }) => ({
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
    body: JSON.stringify({
      specversion: '1.0',
      type,
      source: '/example/objects',
      id,
      time: now.toISOString(),
      datacontenttype: 'application/json',
      data: { note: 'naïve ☕' },
    }),
  }),
});

/** Source and id together name an event. */
function readAttributes(attribute: (name: string) => unknown): Envelope {
  const [source, id] = [readText(attribute('source')), readText(attribute('id'))];
  return {
    key: source !== undefined && id !== undefined ? keyOf(source, id) : undefined,
    type: readText(attribute('type')),
    time: parseIsoTime(attribute('time')),
  };
}

/**
 * `<source>:<id>`, unless another source and id could be written so: then a JSON array keeps the two apart. The sender chooses both,
 * and both may hold colons.
 */
function keyOf(source: string, id: string): EventKey {
  const plain = derivedKey(source, id);
  const isCutInOneWay = plain.key.lastIndexOf(':') === source.length && !source.startsWith('["');
  return isCutInOneWay ? plain : { ...plain, key: JSON.stringify([source, id]) };
}

const readElement: ItemReader = (element) => readAttributes((name) => element[name]);
const readBatch: (received: Received) => readonly Envelope[] = eachOf([EACH], readElement);
