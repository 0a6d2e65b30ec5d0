import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUnixTime } from '../core/schemes/time.ts';

/**
 * Razorpay, by its SDK (2.9.8, `validateWebhookSignature`): `X-Razorpay-Signature`, the HMAC-SHA-256 of the raw body, in hex. The
 * key is the text of the webhook's secret. The event's id comes in a header that is not signed.
 */
export const razorpay = defineProvider({
  name: 'razorpay',
  title: 'Razorpay',
  field: 'payments',
  documents: { source: 'https://razorpay.com/docs/webhooks/validate-test', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-razorpay-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'unsigned header',
  rejectionStatus: 401,
  // With exponential backoff; then the webhook is disabled.
  retryHorizonSeconds: 86_400,
  cutsOffAfterFailures: true,
  options: {},

  readEvents: (received) => ({
    key: received.header('x-razorpay-event-id'),
    type: readText(received.json.event),
    time: readUnixTime(received.json.created_at),
    unsignedId: true,
  }),

  sample: ({ id, now, type = 'payment.captured' }) => ({
    headers: { 'x-razorpay-event-id': id },
    body: JSON.stringify({
      entity: 'event',
      account_id: 'acc_example',
      event: type,
      contains: ['payment'],
      payload: { payment: { entity: { id: `pay_${id}`, amount: 100, currency: 'INR', description: 'naïve ₹' } } },
      created_at: Math.floor(now.getTime() / 1000),
    }),
  }),
});
