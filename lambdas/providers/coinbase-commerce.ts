import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Coinbase Commerce, by its SDK (1.0.4, `Webhook`): `X-CC-Webhook-Signature`, the HMAC-SHA-256 of the raw body, in hex. The
 * outer `id` counts deliveries; the event's own is inside.
 */
export const coinbaseCommerce = defineProvider({
  name: 'coinbase-commerce',
  title: 'Coinbase Commerce',
  field: 'payments',
  documents: { source: 'coinbase-commerce-node 1.0.4, Webhook', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-cc-webhook-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  attemptFields: ['id', 'attempt_number', 'scheduled_for'],
  rejectionStatus: 401,
  // With growing waits for up to three days.
  retryHorizonSeconds: 259_200,
  options: {},

  readEvents({ json: { event } }) {
    const { id, type, created_at: time } = isObject(event) ? event : {};
    return { key: readId(id), type: readText(type), time: parseIsoTime(time) };
  },

  sample: ({ id, now, type = 'charge:confirmed' }) =>
    JSON.stringify({
      attempt_number: 1,
      event: {
        id,
        type,
        api_version: '2018-03-22',
        created_at: now.toISOString(),
        data: { code: '66BEOV2A', name: 'Café' },
        resource: 'event',
      },
      id: 1,
      scheduled_for: now.toISOString(),
    }),
});
