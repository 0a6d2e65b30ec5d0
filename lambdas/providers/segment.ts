import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Segment's webhook destination: `X-Signature`, the HMAC-SHA-1 of the raw body, in hex, with the shared secret of the
 * destination.
 */
export const segment = defineProvider({
  name: 'segment',
  title: 'Segment',
  documents: {
    source: 'https://segment.com/docs/connections/destinations/catalog/webhooks/',
    confidence: 'unconfirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha1',
    key: 'utf8',
    signature: { header: 'x-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.messageId),
    type: readText(json.event) ?? readText(json.type),
    time: parseIsoTime(json.timestamp),
  }),

  sample: ({ id, now, type = 'Order Completed' }) =>
    JSON.stringify({
      messageId: id,
      type: 'track',
      event: type,
      userId: 'user-example',
      properties: { note: 'naïve ☕' },
      timestamp: now.toISOString(),
    }),
});
