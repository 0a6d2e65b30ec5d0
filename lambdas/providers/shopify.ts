import { derivedKey } from '../core/event-key.ts';
import { defineProvider } from '../core/provider.ts';
import { anyOf } from '../core/schemes/any-of.ts';
import { hmac } from '../core/schemes/hmac.ts';

const ID_HEADERS = ['x-shopify-event-id', 'x-shopify-webhook-id', 'shopify-webhook-id'];
const BODY = { hash: 'sha256', key: 'utf8', signed: ['body'] } as const;

/**
 * Shopify, by its page "Verify webhook deliveries" and its SDK (15.0.0): base64 of the HMAC-SHA-256 of the raw body, with the
 * app's client secret. Webhooks have it in `X-Shopify-Hmac-Sha256`; the newer Events have the same headers without `X-`.
 */
export const shopify = defineProvider({
  name: 'shopify',
  title: 'Shopify',
  documents: { source: 'https://shopify.dev/docs/apps/build/webhooks/verify-deliveries', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: anyOf(
    hmac({ ...BODY, signature: { header: 'x-shopify-hmac-sha256', encoding: 'base64' } }),
    hmac({ ...BODY, signature: { header: 'shopify-hmac-sha256', encoding: 'base64' } }),
  ),
  secret: { madeBy: 'provider' },
  identity: 'unsigned header',
  rejectionStatus: 401,
  acknowledgeWithinMs: 5_000,
  // Eight retries within four hours; a subscription made by API is deleted after eight failures in a row.
  retryHorizonSeconds: 4 * 3600,
  cutsOffAfterFailures: true,
  options: {},

  readEvents(received) {
    const topic = received.header('x-shopify-topic') ?? received.header('shopify-topic');
    // One action of a merchant can be an event of several topics, all under its one id. The older set of headers has the delivery's.
    const [id] = ID_HEADERS.flatMap((name) => received.header(name) ?? []);
    return { key: id === undefined ? undefined : derivedKey(topic ?? '', id), type: topic, unsignedId: true };
  },

  sample: ({ id, now, type = 'orders/create' }) => ({
    headers: {
      'x-shopify-topic': type,
      'x-shopify-event-id': id,
      'x-shopify-webhook-id': `delivery-of-${id}`,
      'x-shopify-shop-domain': 'example.myshopify.com',
      'x-shopify-api-version': '2026-01',
    },
    body: JSON.stringify({
      id: 820_982_911_946_154_500,
      admin_graphql_api_id: 'gid://shopify/Order/820982911946154508',
      created_at: now.toISOString(),
      currency: 'EUR',
      total_price: '398.00',
      note: `Zoë’s order ${id} ☕`,
      line_items: [{ id: 1, title: 'Example T-Shirt', quantity: 1, price: '398.00' }],
    }),
  }),
});
