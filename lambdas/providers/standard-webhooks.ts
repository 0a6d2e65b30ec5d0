import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { anyOf } from '../core/schemes/any-of.ts';
import { tagged } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { publicKey } from '../core/schemes/public-key.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

const HEADER = 'webhook-signature';
const ID = { header: 'webhook-id' } as const;
const TIMESTAMP = { header: 'webhook-timestamp', unit: 's', toleranceSeconds: 300 } as const;
const SIGNED = ['id', { text: '.' }, 'timestamp', { text: '.' }, 'body'] as const;

/**
 * Standard Webhooks (spec/standard-webhooks.md): `<id>.<timestamp>.<raw body>`, signed by HMAC-SHA-256 (`v1`, a secret `whsec_…`
 * in base64) or by Ed25519 (`v1a`, a public key `whpk_…` in base64). The kind of key that is stored says which of the two counts.
 */
export const standardWebhooks = defineProvider({
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  documents: { source: 'https://www.standardwebhooks.com', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: anyOf(
    hmac({
      hash: 'sha256',
      key: { encoding: 'base64', prefix: 'whsec_', minBytes: 24 },
      signature: { header: HEADER, encoding: 'base64', form: tagged('v1') },
      ...{ timestamp: TIMESTAMP, id: ID, signed: SIGNED },
    }),
    publicKey({
      algorithm: 'ed25519',
      key: { notation: 'base64', prefix: 'whpk_', isPrefixRequired: true },
      signature: { header: HEADER, encoding: 'base64', form: tagged('v1a') },
      ...{ timestamp: TIMESTAMP, id: ID, signed: SIGNED },
    }),
  ),
  secret: { madeBy: 'provider' },
  identity: 'signed header',
  rejectionStatus: 401,
  // The sender's choice; the example of the specification ends after 75.6 hours.
  retryHorizonSeconds: 272_160,
  options: {},

  readEvents: (received) => ({
    key: received.header(ID.header),
    type: readText(received.json.type),
    time: parseIsoTime(received.json.timestamp),
  }),

  sample: ({ id, now, type = 'invoice.paid' }) => ({
    headers: { [ID.header]: id },
    body: JSON.stringify({ type, timestamp: now.toISOString(), data: { id: `in_${id}`, note: 'naïve ☕' } }),
  }),
});
