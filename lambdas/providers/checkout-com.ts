import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Checkout.com, by its page "Set up your webhook receiver": `Cko-Signature`, the HMAC-SHA-256 of the raw body, in hex. The key is
 * the text of the signature key of the workflow's webhook action.
 */
export const checkoutCom = defineProvider({
  name: 'checkout-com',
  title: 'Checkout.com',
  field: 'payments',
  documents: {
    source: 'https://www.checkout.com/docs/workflows/set-up-your-webhook-receiver',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'cko-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 401,
  // After 5, 10, 15, 30 and 60 minutes, 4, 12 and 12 hours.
  retryHorizonSeconds: 108_000,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.id),
    type: readText(json.type),
    time: parseIsoTime(json.created_on),
  }),

  sample: ({ id, now, type = 'payment_approved' }) =>
    JSON.stringify({
      id: `evt_${id}`,
      type,
      version: '1.0.0',
      created_on: now.toISOString(),
      data: { id: 'pay_example', action_id: 'act_example', amount: 6540, currency: 'GBP', reference: 'naïve' },
    }),
});
