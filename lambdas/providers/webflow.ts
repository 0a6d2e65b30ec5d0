import { keyOfSending } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';

const TIME = 'x-webflow-timestamp';

/**
 * Webflow, by its SDK (3.3.4): `x-webflow-signature`, the HMAC-SHA-256 of `<timestamp>:<raw body>`, in hex. The SDK checks no
 * age.
 */
export const webflow = defineProvider({
  name: 'webflow',
  title: 'Webflow',
  documents: { source: 'https://developers.webflow.com/data/docs/working-with-webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-webflow-signature', encoding: 'hex' },
    // No limit to its age is published, and the SDK checks none.
    timestamp: { header: TIME, unit: 'ms' },
    signed: ['timestamp', { text: ':' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'signed time',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  // Not every payload has a time: a stock that falls to the same number again is the same text.
  readEvents: (received) => ({
    key: keyOfSending(sha256(received.body), received.header(TIME) ?? ''),
    type: readText(received.json.triggerType),
  }),

  sample: ({ id, now, type = 'form_submission' }) =>
    JSON.stringify({
      triggerType: type,
      payload: { name: 'Contact', id, data: { 'First Name': 'Zoë' }, submittedAt: now.toISOString() },
    }),
});
