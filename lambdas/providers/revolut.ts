import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Revolut, by its page "Verify the payload signature": `Revolut-Signature: v1=<hex>`, the HMAC-SHA-256 of `v1.<timestamp>.<raw body>`,
 * once per secret that is live. The timestamp is in milliseconds, in a header of its own.
 */
export const revolut = defineProvider({
  name: 'revolut',
  title: 'Revolut',
  field: 'payments',
  documents: {
    source: 'https://developer.revolut.com/docs/guides/manage-accounts/webhooks/verify-the-payload-signature',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'revolut-signature', encoding: 'hex', form: pairs({ signature: 'v1' }) },
    // "Within a 5-minute time tolerance".
    timestamp: { header: 'revolut-request-timestamp', unit: 'ms', toleranceSeconds: 300 },
    signed: [{ text: 'v1.' }, 'timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  // A body has the time of its event, and no id of it.
  readEvents({ json, body }) {
    const type = readText(json.event);
    return {
      key: keyOfBody(sha256(body)),
      type,
      time: parseIsoTime(json.timestamp),
      quarantine: type === undefined ? 'no_event_type' : undefined,
    };
  },

  sample: ({ id, now, type = 'TransactionStateChanged' }) =>
    JSON.stringify({
      event: type,
      timestamp: now.toISOString(),
      data: { id, request_id: 'naïve-request', old_state: 'pending', new_state: 'completed' },
    }),
});
