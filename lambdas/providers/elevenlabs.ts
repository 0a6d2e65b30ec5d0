import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';
import { readUnixTime } from '../core/schemes/time.ts';

/**
 * ElevenLabs, by its SDK (2.73.0): `ElevenLabs-Signature: t=<Unix seconds>,v0=<hex>`, the HMAC-SHA-256 of `<t>.<raw body>`. A
 * delivery may be half an hour old.
 */
export const elevenlabs = defineProvider({
  name: 'elevenlabs',
  title: 'ElevenLabs',
  documents: { source: 'https://elevenlabs.io/docs/product-guides/administration/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'elevenlabs-signature', encoding: 'hex', form: pairs({ timestamp: 't', signature: 'v0' }) },
    timestamp: { unit: 's', toleranceSeconds: 1_800 },
    signed: ['timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  // Retries are off unless the webhook has them switched on; their times are not published.
  retryHorizonSeconds: 0,
  cutsOffAfterFailures: true,
  options: {},

  readEvents: ({ json, body }) => ({
    key: keyOfBody(sha256(body)),
    type: readText(json.type),
    time: readUnixTime(json.event_timestamp),
  }),

  sample: ({ id, now, type = 'post_call_transcription' }) =>
    JSON.stringify({
      type,
      event_timestamp: Math.floor(now.getTime() / 1000),
      data: { conversation_id: id, transcript: [{ role: 'agent', message: 'Naïve ☕' }] },
    }),
});
