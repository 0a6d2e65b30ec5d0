import { defineProvider } from '../../core/provider.ts';
import { readText } from '../../core/schemes/fields.ts';
import { standardWebhooksScheme } from '../../core/schemes/standard-webhooks.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { svixApi, svixApiOptions, svixAttempts } from './missed-events.ts';
import { svixRegistration } from './registration.ts';

/**
 * Whoever sends through Svix, by its page "Verifying Webhooks Manually" and its SDK (2.5.0): Standard Webhooks under the names
 * `svix-id`, `svix-timestamp` and `svix-signature`. The other names are not looked at: a valid `webhook-signature` would prove
 * nothing of a `svix-id` beside it.
 */
export const svix = defineProvider({
  name: 'svix',
  title: 'Svix',
  documents: { source: 'https://docs.svix.com/receiving/verifying-payloads/how-manual', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: standardWebhooksScheme('svix'),
  secret: { madeBy: 'provider' },
  identity: 'signed header',
  rejectionStatus: 401,
  // By default eight attempts within 27.6 hours.
  retryHorizonSeconds: 99_305,
  options: svixApiOptions,
  api: svixApi,
  missedEvents: svixAttempts,
  registration: svixRegistration,

  // The payload is the sender's own: most name their type, and some their time.
  readEvents: (received) => ({
    key: received.header('svix-id'),
    type: readText(received.json.type),
    time: parseIsoTime(received.json.timestamp),
  }),

  sample: ({ id, now, type = 'user.created' }) => ({
    headers: { 'svix-id': id },
    body: JSON.stringify({ type, timestamp: now.toISOString(), data: { id: `user_${id}`, name: 'Zoë ☕' } }),
  }),
});
