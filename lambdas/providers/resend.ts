import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { standardWebhooksScheme } from '../core/schemes/standard-webhooks.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Resend, by its page on webhooks: it delivers through Svix.
 */
export const resend = defineProvider({
  name: 'resend',
  title: 'Resend',
  documents: { source: 'https://resend.com/docs/webhooks/verify-webhooks-requests', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: standardWebhooksScheme('svix'),
  secret: { madeBy: 'provider' },
  identity: 'signed header',
  rejectionStatus: 401,
  // Svix's eight attempts within 27.6 hours.
  retryHorizonSeconds: 99_305,
  options: {},

  readEvents: (received) => ({
    key: received.header('svix-id'),
    type: readText(received.json.type),
    time: parseIsoTime(received.json.created_at),
  }),

  sample: ({ id, now, type = 'email.delivered' }) => ({
    headers: { 'svix-id': id },
    body: JSON.stringify({
      type,
      created_at: now.toISOString(),
      data: { email_id: id, subject: 'Naïve ☕', to: ['delivered@resend.dev'] },
    }),
  }),
});
