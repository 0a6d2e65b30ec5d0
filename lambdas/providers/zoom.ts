import type { Answer } from '../core/delivery.ts';
import { keyOfBody } from '../core/event-key.ts';
import { handshakeToken } from '../core/handshake-token.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import type { Received } from '../core/received.ts';
import { readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { hmac as macOf } from '../core/schemes/mac.ts';
import { readUnixMilliseconds } from '../core/schemes/time.ts';

/** Zoom's random token. The signed text of a delivery begins with `v0:`, and no token has a colon. */
const TOKEN = handshakeToken('A-Za-z0-9_-', 128);

/**
 * Zoom, by its page "Using webhooks" and its sample: `x-zm-signature: v0=<hex>`, the HMAC-SHA-256 of `v0:<timestamp>:<raw body>`
 * with the secret token. Zoom asks for a proof of the endpoint at registration and every 72 hours, by a signed delivery.
 */
export const zoom = defineProvider({
  name: 'zoom',
  title: 'Zoom',
  documents: { source: 'https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-zm-signature', encoding: 'hex', form: plain({ prefix: 'v0=' }) },
    timestamp: { header: 'x-zm-request-timestamp', unit: 's', toleranceSeconds: 300 },
    signed: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  acknowledgeWithinMs: 3_000,
  // After 5, 20 and 60 minutes.
  retryHorizonSeconds: 5_100,
  options: {},

  readEvents: ({ json, body }) => ({
    key: keyOfBody(sha256(body)),
    type: readText(json.event),
    time: readUnixMilliseconds(json.event_ts),
  }),

  handshakes: { token: TOKEN, signed: answerValidation },

  sample: ({ id, now, type = 'meeting.started' }) =>
    JSON.stringify({
      event: type,
      event_ts: now.getTime(),
      payload: { account_id: 'AAAAAABBBB', object: { id: '1234567890', uuid: id, topic: 'Café ☕', type: 2 } },
    }),
});

/** The signed question whether the secret is known here: the token comes back with its HMAC in hex. */
function answerValidation({ json }: Received, secret: string): Answer | undefined {
  if (json.event !== 'endpoint.url_validation') return undefined;
  const plainToken = TOKEN.read(isObject(json.payload) ? json.payload.plainToken : undefined);
  if (plainToken === undefined) return { status: 400, body: { error: 'malformed_request' } };
  return { status: 200, body: { plainToken, encryptedToken: macOf('sha256', secret, plainToken).toString('hex') } };
}
