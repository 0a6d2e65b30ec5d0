import { EACH, eachOf } from '../core/batch.ts';
import { JSON_VALUE } from '../core/content.ts';
import { derivedKey } from '../core/event-key.ts';
import type { JsonObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readIdText, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUnixMilliseconds } from '../core/schemes/time.ts';

/**
 * HubSpot, by its page "Validating requests" and its SDK (14.0.1), version 3: base64 of the HMAC-SHA-256 of method, URL, raw body
 * and timestamp, with the app's client secret. Versions 1 and 2 are plain hashes with the secret in front: whoever has seen one
 * delivery can make longer ones, so they are not taken.
 */
export const hubspot = defineProvider({
  name: 'hubspot',
  title: 'HubSpot',
  documents: {
    source: 'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-hubspot-signature-v3', encoding: 'base64' },
    timestamp: { header: 'x-hubspot-request-timestamp', unit: 'ms', toleranceSeconds: 300 },
    signed: ['method', 'url', 'body', 'timestamp'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  content: [JSON_VALUE],
  batches: true,
  attemptFields: ['attemptNumber'],
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {
    publicUrl: {
      type: 'url',
      description:
        "The target URL of the app's webhooks; must be stated if that has a query. Default: the source's own URL, without a query.",
    },
  },

  readEvents: eachOf([EACH], (event) => {
    const { eventId, subscriptionId, subscriptionType, objectId, occurredAt } = event;
    const [id, type] = [readIdText(eventId), readText(subscriptionType)];
    // "Not guaranteed to be unique": what it was about, and when, make it so.
    const parts = [subscriptionId, objectId, occurredAt, ...particularsOf(event, type)].map(textOf);
    return {
      key: id === undefined ? undefined : derivedKey(id, parts.join(' ')),
      type,
      time: readUnixMilliseconds(occurredAt),
    };
  }),

  sample: ({ id, now, type = 'contact.propertyChange' }) =>
    JSON.stringify([
      {
        eventId: id,
        subscriptionId: 12_345,
        portalId: 62_515,
        occurredAt: now.getTime(),
        subscriptionType: type,
        attemptNumber: 0,
        objectId: 1_246_965,
        propertyName: 'firstname',
        propertyValue: 'Zoë ☕',
        changeSource: 'CRM_UI',
      },
    ]),
});

/** An association is between two objects, and has no `objectId`. */
const ASSOCIATION = ['fromObjectId', 'toObjectId', 'associationType', 'associationTypeId', 'associationRemoved'];

/** The fields that tell events of one id, object and time apart. No other event needs it: its key is as it has always been. */
function particularsOf(event: JsonObject, type: string | undefined): unknown[] {
  if (event.fromObjectId !== undefined || event.toObjectId !== undefined) return ASSOCIATION.map((name) => event[name]);
  // One of these subscriptions may be for many properties; of the older ones each is for one.
  return type === 'object.propertyChange' ? [event.propertyName] : [];
}

const textOf = (value: unknown): string => (typeof value === 'boolean' ? String(value) : (readIdText(value) ?? ''));
