import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Square, by its page "Verify and Validate an Event Notification" and its SDK (46.0.0): base64 of the HMAC-SHA-256 of the
 * notification URL and the raw body, nothing between them. The key is the subscription's signature key, as text.
 */
export const square = defineProvider({
  name: 'square',
  title: 'Square',
  field: 'payments',
  documents: { source: 'https://developer.squareup.com/docs/webhooks/step3validate', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-square-hmacsha256-signature', encoding: 'base64' },
    signed: ['url', 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 403,
  retryHorizonSeconds: 86_400,
  options: {
    publicUrl: {
      type: 'url',
      description:
        "The notification URL of the subscription; must be stated if that has a query. Default: the source's own URL, without a query.",
    },
  },

  readEvents: ({ json }) => ({
    key: readId(json.event_id),
    type: readText(json.type),
    time: parseIsoTime(json.created_at),
  }),

  sample: ({ id, now, type = 'payment.updated' }) =>
    JSON.stringify({
      merchant_id: '6SSW7HV8K2ST5',
      type,
      event_id: id,
      created_at: now.toISOString(),
      data: {
        type: 'payment',
        id: 'KkAkhdMsgzn59SM8A89WgKwekxLZY',
        object: { payment: { note: 'Café ☕', status: 'COMPLETED' } },
      },
    }),
});
