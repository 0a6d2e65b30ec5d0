import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { standardWebhooksScheme } from '../core/schemes/standard-webhooks.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Replicate, by its page on webhooks: it follows Standard Webhooks. The body is the prediction itself.
 */
export const replicate = defineProvider({
  name: 'replicate',
  title: 'Replicate',
  documents: { source: 'https://replicate.com/docs/topics/webhooks/verify-webhook', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: standardWebhooksScheme('webhook'),
  secret: { madeBy: 'provider' },
  identity: 'signed header',
  rejectionStatus: 401,
  // Terminal events are retried; the last retry is about a minute after the event.
  retryHorizonSeconds: 0,
  options: {},

  readEvents: (received) => ({
    key: received.header('webhook-id'),
    type: readText(received.json.status),
    time: parseIsoTime(received.json.completed_at) ?? parseIsoTime(received.json.created_at),
  }),

  sample: ({ id, now, type = 'succeeded' }) => ({
    headers: { 'webhook-id': id },
    body: JSON.stringify({
      id,
      status: type,
      created_at: now.toISOString(),
      output: ['naïve ☕'],
      error: null,
    }),
  }),
});
