import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { standardWebhooksScheme } from '../core/schemes/standard-webhooks.ts';

/**
 * Brex, by its page on webhooks: it follows Standard Webhooks.
 */
export const brex = defineProvider({
  name: 'brex',
  title: 'Brex',
  field: 'payments',
  documents: { source: 'https://developer.brex.com/docs/webhooks/', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: standardWebhooksScheme('webhook'),
  secret: { madeBy: 'provider' },
  identity: 'signed header',
  rejectionStatus: 401,
  // Retries go on for a day or longer; their times are not confirmed.
  retryHorizonSeconds: 99_305,
  options: {},

  readEvents: (received) => ({
    key: received.header('webhook-id'),
    type: readText(received.json.event_type),
  }),

  sample: ({ id, type = 'TRANSFER_PROCESSED' }) => ({
    headers: { 'webhook-id': id },
    body: JSON.stringify({ event_type: type, transfer_id: id, payment_type: 'ACH', company_id: 'cuacc_Zoë' }),
  }),
});
