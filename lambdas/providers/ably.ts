import { EACH, eachOf } from '../core/batch.ts';
import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUnixMilliseconds } from '../core/schemes/time.ts';

/**
 * Ably, by its page "Webhooks": `X-Ably-Signature`, base64 of the HMAC-SHA-256 of the raw body, with the part of the API key
 * behind its colon. Only batched requests in JSON are signed.
 */
export const ably = defineProvider({
  name: 'ably',
  title: 'Ably',
  documents: { source: 'https://ably.com/docs/platform/integrations/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-ably-signature', encoding: 'base64' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  batches: true,
  rejectionStatus: 401,
  // For five minutes.
  retryHorizonSeconds: 300,
  options: {},

  readEvents: eachOf(['items', EACH], (item, _received, _pointer, text) => ({
    key: keyOfBody(sha256(text)),
    type: readText(item.source),
    time: readUnixMilliseconds(item.timestamp),
  })),

  sample: ({ id, now, type = 'channel.message' }) =>
    JSON.stringify({
      items: [
        {
          webhookId: 'webhook-example',
          source: type,
          serial: `${id}:0`,
          timestamp: now.getTime(),
          name: 'message',
          data: { channelId: 'naïve', site: 'eu-west-1-A', messages: [{ id: `${id}:0`, data: 'Zoë' }] },
        },
      ],
    }),
});
