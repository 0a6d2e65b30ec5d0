import { FORM, OBJECT } from '../core/content.ts';
import { defineProvider } from '../core/provider.ts';
import { hmac } from '../core/schemes/hmac.ts';

/**
 * WooCommerce: `X-WC-Webhook-Signature`, base64 of the HMAC-SHA-256 of the raw body. Id and topic come in headers that are not
 * signed. The ping at its creation is a form.
 */
export const woocommerce = defineProvider({
  name: 'woocommerce',
  title: 'WooCommerce',
  documents: { source: 'https://woocommerce.com/document/webhooks/', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-wc-webhook-signature', encoding: 'base64' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'unsigned header',
  content: [OBJECT, FORM],
  rejectionStatus: 401,
  // None; after five failures in a row the webhook is disabled.
  retryHorizonSeconds: 0,
  cutsOffAfterFailures: true,
  options: {},

  readEvents: (received) => ({
    key: received.header('x-wc-webhook-delivery-id'),
    type: received.header('x-wc-webhook-topic'),
    unsignedId: true,
  }),

  sample: ({ id, now, type = 'order.created' }) => ({
    headers: { 'x-wc-webhook-delivery-id': id, 'x-wc-webhook-topic': type },
    body: JSON.stringify({
      id: 727,
      status: 'processing',
      date_created_gmt: now.toISOString().slice(0, 19),
      total: '29.35',
      billing: { first_name: 'José' },
      note: id,
    }),
  }),
});
