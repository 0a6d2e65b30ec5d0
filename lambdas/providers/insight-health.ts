import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';

/**
 * Insight Health, by its page "Webhook authentication": `X-Webhook-Signature: sha256=<hex>`, the HMAC-SHA-256 of the raw body.
 * An API key that names the organization comes beside it, and proves nothing that the signature does not.
 */
export const insightHealth = defineProvider({
  name: 'insight-health',
  title: 'Insight Health',
  field: 'health',
  documents: { source: 'https://docs.insighthealth.ai/webhooks/authentication', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-webhook-signature', encoding: 'hex', form: plain({ prefix: 'sha256=' }) },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json, body }) => ({
    key: keyOfBody(sha256(body)),
    type: readText(json.event_type) ?? readText(json.type) ?? readText(json.event),
  }),

  sample: ({ id, type = 'note.completed' }) =>
    JSON.stringify({ event_type: type, data: { visit_id: id, note: 'naïve ☕' } }),
});
