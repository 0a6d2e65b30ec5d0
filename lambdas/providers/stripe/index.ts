import type { Envelope } from '../../core/envelope.ts';
import { defineProvider } from '../../core/provider.ts';
import type { Received } from '../../core/received.ts';
import { readId, readText } from '../../core/schemes/fields.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { pairs } from '../../core/schemes/pairs.ts';
import { parseIsoTime, readUnixTime } from '../../core/schemes/time.ts';
import { stripeApi, stripeApiOptions, stripeEvents } from './missed-events.ts';
import { stripeRegistration } from './registration.ts';

/**
 * Stripe, by its SDK (23.1.0, `Webhooks.js`): `Stripe-Signature: t=<Unix seconds>,v1=<hex>`, the HMAC-SHA-256 of `<t>.<raw body>`.
 * While a secret is rolled there are several `v1`. The key is the whole text of the secret, `whsec_` too.
 */
export const stripe = defineProvider({
  name: 'stripe',
  title: 'Stripe',
  field: 'payments',
  documents: { source: 'https://docs.stripe.com/webhooks#verify-manually', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: {
      header: 'stripe-signature',
      encoding: 'hex',
      form: pairs({ timestamp: 't', signature: 'v1' }),
    },
    // The SDK refuses only what is too old; a clock that runs ahead is allowed no more than one that runs behind.
    timestamp: { unit: 's', toleranceSeconds: 300 },
    signed: ['timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 400,
  // Up to three days in live mode.
  retryHorizonSeconds: 3 * 86_400,
  // How many endpoints have not taken it yet.
  attemptFields: ['pending_webhooks'],
  options: stripeApiOptions,
  api: stripeApi,
  missedEvents: stripeEvents(readEvents),
  registration: stripeRegistration,

  readEvents,

  sample: ({ id, now, type = 'payment_intent.succeeded' }) =>
    JSON.stringify({
      id: `evt_${id}`,
      object: 'event',
      api_version: '2026-01-28',
      created: Math.floor(now.getTime() / 1000),
      data: { object: { id: `pi_${id}`, object: 'payment_intent', amount: 2000, currency: 'usd' } },
      livemode: false,
      pending_webhooks: 1,
      type,
    }),
});

function readEvents({ json }: Received): Envelope {
  return {
    key: readId(json.id),
    type: readText(json.type),
    // A number in snapshot events, a text in thin ones.
    time: readUnixTime(json.created) ?? parseIsoTime(json.created),
  };
}
