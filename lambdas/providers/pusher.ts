import { EACH, eachOf } from '../core/batch.ts';
import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readIdText, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUnixMilliseconds } from '../core/schemes/time.ts';

/**
 * Pusher Channels, by its page "Webhooks" and its SDK (5.3.4): `X-Pusher-Signature`, the HMAC-SHA-256 of the raw body, in hex,
 * with the secret of the app key that `X-Pusher-Key` names.
 */
export const pusher = defineProvider({
  name: 'pusher',
  title: 'Pusher Channels',
  documents: { source: 'https://pusher.com/docs/channels/server_api/webhooks/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-pusher-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  batches: true,
  rejectionStatus: 401,
  // For five minutes.
  retryHorizonSeconds: 300,
  acknowledgeWithinMs: 4_000,
  options: {},

  // The same thing can happen to a channel twice: only with the delivery's time, and as the how many-th of equal texts in it, is
  // an event's text its own. Its place says nothing, because a retry may have another order.
  readEvents(received) {
    const seen = new Map<string, number>();
    return eachOf(['events', EACH], (event, { json }, _pointer, text) => {
      const own = sha256(text);
      const before = seen.get(own) ?? 0;
      seen.set(own, before + 1);
      return {
        key: keyOfBody(sha256(`${readIdText(json.time_ms) ?? ''} ${before} ${own}`)),
        type: readText(event.name),
        time: readUnixMilliseconds(json.time_ms),
      };
    })(received);
  },

  sample: ({ id, now, type = 'channel_occupied' }) =>
    JSON.stringify({ time_ms: now.getTime(), events: [{ channel: `presence-${id}`, name: type, note: 'naïve' }] }),
});
