import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';

/** Lemon Squeezy, by its page "Signing requests": `X-Signature`, the HMAC-SHA-256 of the raw body, in hex, with the signing secret. */
export const lemonSqueezy = defineProvider({
  name: 'lemon-squeezy',
  title: 'Lemon Squeezy',
  field: 'payments',
  documents: { source: 'https://docs.lemonsqueezy.com/help/webhooks/signing-requests', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'none',
  rejectionStatus: 401,
  // After 5, 25 and 125 seconds.
  retryHorizonSeconds: 155,
  options: {},

  readEvents: ({ json: { meta }, body }) => ({
    key: keyOfBody(sha256(body)),
    type: isObject(meta) ? readText(meta.event_name) : undefined,
  }),

  sample: ({ id, now, type = 'order_created' }) =>
    JSON.stringify({
      meta: { event_name: type, custom_data: { note: 'naïve' } },
      data: { type: 'orders', id, attributes: { total: 999, currency: 'EUR', created_at: now.toISOString() } },
    }),
});
