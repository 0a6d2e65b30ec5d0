import { EACH, eachOf } from '../../core/batch.ts';
import type { Answer, Delivery } from '../../core/delivery.ts';
import type { Envelope } from '../../core/envelope.ts';
import { keyOfBody, keyOfSending } from '../../core/event-key.ts';
import { sha256 } from '../../core/hash.ts';
import { isObject, parseObject, writeJson } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { defineProvider } from '../../core/provider.ts';
import { bodyToken } from '../../core/schemes/body-token.ts';
import { readText } from '../../core/schemes/fields.ts';
import { graphApi, graphOptions, graphRegistration } from './registration.ts';

/**
 * Microsoft Graph's change notifications, by its pages "Receive change notifications through webhooks" and "Reduce missing
 * subscriptions and change notifications": each element of `value` has the subscription's `clientState`. Nothing is signed.
 */
export const microsoftGraph = defineProvider({
  name: 'microsoft-graph',
  title: 'Microsoft Graph',
  documents: {
    source: 'https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: bodyToken({ read: (body) => clientStates(body) ?? [], write: withClientState, maxLength: 128 }),
  secret: { madeBy: 'customer' },
  // If a notification has an id, it is the event's. Those of some resources have none.
  identity: 'body',
  batches: true,
  rejectionStatus: 401,
  // Within 3 s, or it counts as slow; tried again for up to four hours.
  acknowledgeWithinMs: 3_000,
  retryHorizonSeconds: 4 * 3600,
  options: graphOptions,
  api: graphApi,
  registration: graphRegistration,

  readEvents: eachOf(['value', EACH], (event, { now }, _pointer, text) => ({
    key: readText(event.id) ?? ownKey(event, text, now),
    type: readText(event.lifecycleEvent) ?? readText(event.changeType),
  })),

  handshakes: { echo: answerValidation },
  // "202 - Accepted".
  acknowledge: () => ({ status: 202 }),

  sample: ({ id, now, type = 'updated' }) =>
    JSON.stringify({
      value: [
        {
          id,
          subscriptionId: '7f105c7d-2dc5-4530-97cd-4e7ae6534c07',
          subscriptionExpirationDateTime: new Date(now.getTime() + 3_600_000).toISOString(),
          changeType: type,
          resource: "Users('naïve')/Messages('AAMkAGI2')",
          tenantId: '84bd8158-6d4d-4958-8b9f-9d6445542f95',
          resourceData: { '@odata.type': '#Microsoft.Graph.Message', id: 'AAMkAGI2' },
        },
      ],
    }),
});

/**
 * The key of a notification without an id. The entity tag of a resource changes with it, so that the text is its own. Without one, as
 * for a drive or a lifecycle notification, the next change has the same text: the time tells them apart, and a retry is a hint more.
 */
function ownKey({ resourceData }: JsonObject, text: Buffer, now: Date): Envelope['key'] {
  const hash = sha256(text);
  const isVersioned = isObject(resourceData) && readText(resourceData['@odata.etag']) !== undefined;
  return isVersioned ? keyOfBody(hash) : keyOfSending(hash, now.toISOString());
}

const valueOf = (body: Buffer): unknown => parseObject(body)?.value;

/** The tokens of all elements; undefined if one has none. */
function clientStates(body: Buffer): readonly string[] | undefined {
  const value = valueOf(body);
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((each: unknown) => (isObject(each) ? readText(each.clientState) : undefined));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** A body of another form stays as it is, because it has no place for a token. */
function withClientState(body: Buffer, clientState: string): Buffer {
  const value = valueOf(body);
  if (!Array.isArray(value) || value.length === 0 || !value.every(isObject)) return body;
  const signed = value.map((each) => ({ ...each, clientState }));
  return Buffer.from(writeJson({ ...parseObject(body), value: signed }));
}

/** `?validationToken=<text>`: the decoded text comes back. Microsoft says to take it for a stranger's. */
function answerValidation({ url, body }: Delivery): Answer | undefined {
  const token = URL.parse(url)?.searchParams.get('validationToken') ?? undefined;
  if (token === undefined || body.length > 0) return undefined;
  const isBounded = /^[\w .:;,=+/~-]{1,1000}$/.test(token);
  return isBounded ? { status: 200, body: token } : { status: 400, body: { error: 'malformed_request' } };
}
