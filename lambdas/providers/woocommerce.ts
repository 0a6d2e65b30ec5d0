import type { Answer, Delivery } from '../core/delivery.ts';
import { derivedKey } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { hmac } from '../core/schemes/hmac.ts';

const SIGNATURE = 'x-wc-webhook-signature';

/**
 * WooCommerce: `X-WC-Webhook-Signature`, base64 of the HMAC-SHA-256 of the raw body. Id and topic come in headers that are not
 * signed. By its source (`class-wc-webhook.php`) the id is a hash of the webhook and the second: what is sent in one second has one.
 */
export const woocommerce = defineProvider({
  name: 'woocommerce',
  title: 'WooCommerce',
  documents: { source: 'https://woocommerce.com/document/webhooks/', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: SIGNATURE, encoding: 'base64' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'unsigned header',
  rejectionStatus: 401,
  // None; after five failures in a row the webhook is disabled.
  retryHorizonSeconds: 0,
  cutsOffAfterFailures: true,
  options: {},

  readEvents(received) {
    const id = received.header('x-wc-webhook-delivery-id');
    return {
      key: id === undefined ? undefined : derivedKey(id, sha256(received.body)),
      type: received.header('x-wc-webhook-topic'),
      unsignedId: true,
    };
  },

  handshakes: { echo: answerPing },

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

/** The ping when a webhook is saved: a form with the webhook's number, unsigned. Any status but 200 is an error to the shop. */
function answerPing({ method, headers, body }: Delivery): Answer | undefined {
  const isPing =
    method === 'POST' && !headers.has(SIGNATURE) && /^webhook_id=\d{1,19}$/.test(body.toString('latin1', 0, 40));
  return isPing ? { status: 200 } : undefined;
}
