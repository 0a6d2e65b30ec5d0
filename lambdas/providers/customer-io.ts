import { defineProvider } from '../core/provider.ts';
import { joinedType, readId, splitType } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUnixTime } from '../core/schemes/time.ts';

/**
 * Customer.io, by its SDK (5.2.0, `verifyRequestSignature`): `X-CIO-Signature`, the HMAC-SHA-256 of `v0:<timestamp>:<raw
 * body>`, in hex. The header has no prefix, and the SDK checks no age.
 */
export const customerIo = defineProvider({
  name: 'customer-io',
  title: 'Customer.io',
  documents: { source: 'https://docs.customer.io/journeys/webhooks/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-cio-signature', encoding: 'hex' },
    // No limit to its age is published, and the SDK checks none.
    timestamp: { header: 'x-cio-timestamp', unit: 's' },
    signed: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.event_id),
    type: joinedType(json.object_type, json.metric),
    time: readUnixTime(json.timestamp),
  }),

  sample({ id, now, type = 'email.delivered' }) {
    const [object, metric] = splitType(type);
    return JSON.stringify({
      event_id: id,
      object_type: object,
      metric,
      timestamp: Math.floor(now.getTime() / 1000),
      data: { recipient: 'zoë@example.com', subject: 'Naïve ☕' },
    });
  },
});
