import { defineProvider } from '../core/provider.ts';
import { joinedType, splitType } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUnixMilliseconds } from '../core/schemes/time.ts';

/**
 * Linear, by its SDK (98.0.0, `LinearWebhookClient`): `Linear-Signature`, the HMAC-SHA-256 of the raw body, in hex. The body carries
 * the time at which it was sent. The SDK allows that 60 seconds; whether a retry is sent with a new time is not documented, so an
 * older delivery is not refused here, and the ledger is the guard.
 */
export const linear = defineProvider({
  name: 'linear',
  title: 'Linear',
  documents: { source: 'https://linear.app/developers/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'linear-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'unsigned header',
  attemptFields: ['webhookTimestamp'],
  rejectionStatus: 400,
  // After 1 minute, 1 hour and 6 hours.
  retryHorizonSeconds: 25_260,
  acknowledgeWithinMs: 5_000,
  cutsOffAfterFailures: true,
  options: {},

  readEvents: (received) => ({
    key: received.header('linear-delivery'),
    type: joinedType(received.json.type, received.json.action),
    time: readUnixMilliseconds(received.json.webhookTimestamp),
    unsignedId: true,
  }),

  sample({ id, now, type = 'Issue.create' }) {
    const [entity, action] = splitType(type);
    return {
      headers: { 'linear-delivery': id, 'linear-event': entity },
      body: JSON.stringify({
        action,
        type: entity,
        createdAt: now.toISOString(),
        data: { id, title: 'Say "naïve" ☕' },
        organizationId: 'an-organization',
        webhookTimestamp: now.getTime(),
        webhookId: 'a-webhook',
      }),
    };
  },
});
