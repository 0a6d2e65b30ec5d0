import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { standardWebhooksScheme } from '../core/schemes/standard-webhooks.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/** Whoever follows Standard Webhooks (spec/standard-webhooks.md): `webhook-id`, `webhook-timestamp` and `webhook-signature`. */
export const standardWebhooks = defineProvider({
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  documents: { source: 'https://www.standardwebhooks.com', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: standardWebhooksScheme('webhook'),
  secret: { madeBy: 'provider' },
  identity: 'signed header',
  rejectionStatus: 401,
  // The sender's choice; the example of the specification ends after 75.6 hours.
  retryHorizonSeconds: 272_160,
  options: {},

  readEvents: (received) => ({
    key: received.header('webhook-id'),
    type: readText(received.json.type),
    time: parseIsoTime(received.json.timestamp),
  }),

  sample: ({ id, now, type = 'invoice.paid' }) => ({
    headers: { 'webhook-id': id },
    body: JSON.stringify({ type, timestamp: now.toISOString(), data: { id: `in_${id}`, note: 'naïve ☕' } }),
  }),
});
