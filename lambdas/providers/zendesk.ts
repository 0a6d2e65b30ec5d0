import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Zendesk, by its page "Verifying webhooks": `X-Zendesk-Webhook-Signature`, the base64 of the HMAC-SHA-256 of the timestamp header
 * and the raw body, nothing between them.
 */
export const zendesk = defineProvider({
  name: 'zendesk',
  title: 'Zendesk',
  documents: { source: 'https://developer.zendesk.com/documentation/webhooks/verifying/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-zendesk-webhook-signature', encoding: 'base64' },
    // ISO 8601. No limit to its age is documented.
    timestamp: { header: 'x-zendesk-webhook-signature-timestamp', unit: 'iso' },
    signed: ['timestamp', 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({ key: readId(json.id), type: readText(json.type), time: parseIsoTime(json.time) }),

  sample: ({ id, now, type = 'zen:event-type:ticket.created' }) =>
    JSON.stringify({
      account_id: 22_129_848,
      id,
      subject: 'zen:ticket:1',
      time: now.toISOString(),
      type,
      zendesk_event_version: '2022-11-06',
      event: {},
      detail: { id: '1', subject: 'Say "naïve" ☕', status: 'OPEN' },
    }),
});
