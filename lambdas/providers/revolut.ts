import { keyOfBody, keyOfSending } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

const TIME = 'revolut-request-timestamp';

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
    timestamp: { header: TIME, unit: 'ms', toleranceSeconds: 300 },
    signed: [{ text: 'v1.' }, 'timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'signed time',
  rejectionStatus: 401,
  // Three more times, ten minutes apart.
  retryHorizonSeconds: 1_800,
  options: {},

  // A body has no id of its event. Those of Business have its time; those of Merchant do not, and the next one of an order is the same.
  readEvents(received) {
    const { json, body } = received;
    const type = readText(json.event);
    const time = parseIsoTime(json.timestamp);
    return {
      key: time ? keyOfBody(sha256(body)) : keyOfSending(sha256(body), received.header(TIME) ?? ''),
      type,
      time,
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
