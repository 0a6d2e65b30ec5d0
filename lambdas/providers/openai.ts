import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { standardWebhooksScheme } from '../core/schemes/standard-webhooks.ts';
import { readUnixTime } from '../core/schemes/time.ts';

/**
 * OpenAI, by its page on webhooks: it follows Standard Webhooks.
 */
export const openai = defineProvider({
  name: 'openai',
  title: 'OpenAI',
  documents: { source: 'https://platform.openai.com/docs/guides/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: standardWebhooksScheme('webhook'),
  secret: { madeBy: 'provider' },
  identity: 'signed header',
  rejectionStatus: 401,
  // For up to 72 hours.
  retryHorizonSeconds: 259_200,
  options: {},

  readEvents: (received) => ({
    key: received.header('webhook-id'),
    type: readText(received.json.type),
    time: readUnixTime(received.json.created_at),
  }),

  sample: ({ id, now, type = 'response.completed' }) => ({
    headers: { 'webhook-id': id },
    body: JSON.stringify({
      object: 'event',
      id: `evt_${id}`,
      type,
      created_at: Math.floor(now.getTime() / 1000),
      data: { id: `resp_${id}`, note: 'naïve' },
    }),
  }),
});
