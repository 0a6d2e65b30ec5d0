import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';

/**
 * WHOOP's members, by its page "Webhooks" for the fields: `X-WHOOP-Signature`, base64 of the HMAC-SHA-256 of the timestamp, in
 * milliseconds, and the raw body. The signed bytes are by what others say of the page.
 */
export const whoop = defineProvider({
  name: 'whoop',
  title: 'WHOOP',
  field: 'health',
  documents: { source: 'https://developer.whoop.com/docs/developing/webhooks', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-whoop-signature', encoding: 'base64' },
    // No limit to its age is published.
    timestamp: { header: 'x-whoop-signature-timestamp', unit: 'ms' },
    signed: ['timestamp', 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({ key: readId(json.trace_id), type: readText(json.type) }),

  sample: ({ id, type = 'workout.updated' }) =>
    JSON.stringify({ user_id: 456, id: '550e8400-e29b-41d4-a716-446655440000', type, trace_id: id }),
});
