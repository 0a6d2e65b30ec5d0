import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { jwt } from '../core/schemes/jwt.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Vonage's Messages API, by its page "Signed webhooks": a bearer token by HS256, with the account's signature secret. `payload_hash`
 * is the SHA-256 of the raw body, in hex, which the vendor's SDK leaves to its user.
 */
export const vonage = defineProvider({
  name: 'vonage',
  title: 'Vonage',
  documents: { source: 'https://developer.vonage.com/en/getting-started/concepts/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: jwt({
    in: 'bearer',
    key: { algorithm: 'HS256', secret: 'utf8' },
    claims: {
      issuer: 'Vonage',
      maxAgeSeconds: 300,
      bodyHash: { claim: 'payload_hash', encoding: 'hex' },
      others: { api_key: ({ apiKey }) => (typeof apiKey === 'string' ? apiKey : undefined) },
    },
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  // A callback without a token can be Vonage's: after a failure it comes again, and signed.
  rejectionStatuses: { missing_signature: 503 },
  // After 5 seconds, 1, 5 and 15 minutes, and every 15 minutes for a day.
  retryHorizonSeconds: 86_400,
  options: {
    apiKey: {
      type: 'string',
      description: "The account's API key: tokens of another account are refused. Default: it is not looked at.",
      pattern: /^\w{1,64}$/,
    },
  },

  // A message and each of its statuses have one id: the body tells them apart.
  readEvents: ({ json, body }) => ({
    key: keyOfBody(sha256(body)),
    type: readText(json.status) ?? readText(json.message_type) ?? 'event',
    time: parseIsoTime(json.timestamp),
  }),

  sample: ({ id, now, type = 'delivered' }) =>
    JSON.stringify({
      ...{ message_uuid: id, to: '447700900000', from: '447700900001', channel: 'sms' },
      ...{ timestamp: now.toISOString(), status: type, client_ref: 'naïve ☕' },
    }),
});
