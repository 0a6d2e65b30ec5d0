import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { standardWebhooksScheme } from '../core/schemes/standard-webhooks.ts';
import { readUnixMilliseconds } from '../core/schemes/time.ts';

/**
 * Clerk, by its page on webhooks: it delivers through Svix.
 */
export const clerk = defineProvider({
  name: 'clerk',
  title: 'Clerk',
  documents: { source: 'https://clerk.com/docs/guides/development/webhooks/syncing', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: standardWebhooksScheme('svix'),
  secret: { madeBy: 'provider' },
  identity: 'signed header',
  rejectionStatus: 401,
  // Svix's eight attempts within 27.6 hours; after five days of failures the endpoint is disabled.
  retryHorizonSeconds: 99_305,
  cutsOffAfterFailures: true,
  options: {},

  readEvents: (received) => ({
    key: received.header('svix-id'),
    type: readText(received.json.type),
    time: readUnixMilliseconds(received.json.timestamp),
  }),

  sample: ({ id, now, type = 'user.created' }) => ({
    headers: { 'svix-id': id },
    body: JSON.stringify({
      type,
      object: 'event',
      data: { id: `user_${id}`, first_name: 'Zoë' },
      timestamp: now.getTime(),
    }),
  }),
});
