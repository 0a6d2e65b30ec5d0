import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Calendly, by its page "Webhook Signatures": `Calendly-Webhook-Signature: t=<Unix seconds>,v1=<hex>`, the HMAC-SHA-256 of
 * `<t>.<raw body>`. The key is the signing key that the subscription was created with.
 */
export const calendly = defineProvider({
  name: 'calendly',
  title: 'Calendly',
  documents: {
    source: 'https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: {
      header: 'calendly-webhook-signature',
      encoding: 'hex',
      form: pairs({ timestamp: 't', signature: 'v1' }),
    },
    // Whether a retry is signed again is not documented, so its age is not limited.
    timestamp: { unit: 's' },
    signed: ['timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'none',
  rejectionStatus: 401,
  acknowledgeWithinMs: 15_000,
  // With exponential backoff; then the webhook is disabled.
  retryHorizonSeconds: 86_400,
  cutsOffAfterFailures: true,
  options: {},

  readEvents({ json, body }) {
    const type = readText(json.event);
    return {
      key: keyOfBody(sha256(body)),
      type,
      time: parseIsoTime(json.created_at),
      quarantine: type === undefined ? 'no_event_type' : undefined,
    };
  },

  sample: ({ id, now, type = 'invitee.created' }) =>
    JSON.stringify({
      created_at: now.toISOString(),
      created_by: 'https://api.calendly.com/users/AAAAAAAAAAAAAAAA',
      event: type,
      payload: { uri: `https://api.calendly.com/scheduled_events/A/invitees/${encodeURIComponent(id)}`, name: 'Zoë' },
    }),
});
