import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { standardWebhooksScheme } from '../core/schemes/standard-webhooks.ts';

/**
 * Junction, formerly Vital, by its page "Webhooks": it delivers through Svix. The id of an event is in the signed header `svix-
 * id` alone.
 */
export const junction = defineProvider({
  name: 'junction',
  title: 'Junction',
  field: 'health',
  documents: { source: 'https://docs.tryvital.io/webhooks/introduction', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: standardWebhooksScheme('svix'),
  secret: { madeBy: 'provider' },
  identity: 'signed header',
  rejectionStatus: 401,
  // Eight attempts within 27.6 hours; after five days of failures the endpoint is disabled.
  retryHorizonSeconds: 99_305,
  acknowledgeWithinMs: 15_000,
  cutsOffAfterFailures: true,
  options: {},

  readEvents: (received) => ({
    key: received.header('svix-id'),
    type: readText(received.json.event_type),
  }),

  sample: ({ id, type = 'labtest.result.created' }) => ({
    headers: { 'svix-id': id },
    body: JSON.stringify({
      event_type: type,
      team_id: '6353bcab-3526-4838-8c92-063fa760fb6b',
      user_id: '1449752e-0d8a-40e0-9206-91ab099b2537',
      client_user_id: 'José',
      data: { id: `order-${id}` },
    }),
  }),
});
