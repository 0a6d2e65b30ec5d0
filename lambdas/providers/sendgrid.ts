import { EACH, eachOf } from '../core/batch.ts';
import { JSON_VALUE } from '../core/content.ts';
import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { publicKey } from '../core/schemes/public-key.ts';
import { readUnixTime } from '../core/schemes/time.ts';

/**
 * SendGrid's Event Webhook, by its page "Getting Started with the Event Webhook Security Features" and its SDK (eventwebhook 8.0.0):
 * an ECDSA signature, P-256 with SHA-256, of the timestamp and the raw body. The secret of the source is the verification key that
 * SendGrid shows. The body is an array of events, with line breaks in it: it must reach us byte by byte.
 */
export const sendgrid = defineProvider({
  name: 'sendgrid',
  title: 'SendGrid',
  documents: {
    source:
      'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: publicKey({
    algorithm: 'ecdsa-p256',
    key: 'base64-spki',
    signature: { header: 'x-twilio-email-event-webhook-signature', encoding: 'base64' },
    // Signed, and no limit to its age is documented.
    timestamp: { header: 'x-twilio-email-event-webhook-timestamp', unit: 's' },
    signed: ['timestamp', 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  content: [JSON_VALUE],
  batches: true,
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: eachOf([EACH], ({ sg_event_id, event, timestamp }) => ({
    key: readId(sg_event_id),
    type: readText(event),
    time: readUnixTime(timestamp),
  })),

  sample: ({ id, now, type = 'delivered' }) =>
    `[${JSON.stringify({
      email: 'zoë@example.com',
      timestamp: Math.floor(now.getTime() / 1000),
      'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
      event: type,
      category: ['example'],
      sg_event_id: id,
      sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
    })}]\r\n`,
});
