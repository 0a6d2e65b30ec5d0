import type { Answer } from '../../core/delivery.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { defineProvider } from '../../core/provider.ts';
import type { Received } from '../../core/received.ts';
import { readText } from '../../core/schemes/fields.ts';
import { plain } from '../../core/schemes/forms.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { twitchApi, twitchOptions, twitchRegistration } from './registration.ts';

/**
 * Twitch EventSub, by its page "Handling webhook events" and its CLI: `Twitch-Eventsub-Message-Signature: sha256=<hex>`, the
 * HMAC-SHA-256 of the message's id, its timestamp and the raw body. A subscription begins with a signed challenge.
 */
export const twitch = defineProvider({
  name: 'twitch',
  title: 'Twitch EventSub',
  documents: { source: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'twitch-eventsub-message-signature', encoding: 'hex', form: plain({ prefix: 'sha256=' }) },
    timestamp: { header: 'twitch-eventsub-message-timestamp', unit: 'iso', toleranceSeconds: 600 },
    id: { header: 'twitch-eventsub-message-id' },
    signed: ['id', 'timestamp', 'body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'signed header',
  rejectionStatus: 401,
  // Retries exist; their times are not published. A subscription that fails too often is revoked.
  retryHorizonSeconds: 0,
  cutsOffAfterFailures: true,
  options: twitchOptions,
  api: twitchApi,
  registration: twitchRegistration,

  readEvents: (received) => ({
    key: received.header('twitch-eventsub-message-id'),
    type: typeOf(received),
    time: parseIsoTime(received.header('twitch-eventsub-message-timestamp')),
  }),

  handshakes: { signed: answerChallenge },

  sample: ({ id, now, type = 'channel.follow' }) => ({
    headers: { 'twitch-eventsub-message-id': id },
    body: JSON.stringify({
      subscription: { id: 'f1c2a387-161a-49f9-a165-0f21d7a4e1c4', type, version: '2', status: 'enabled', cost: 0 },
      event: { user_name: 'Zoë ☕', followed_at: now.toISOString() },
    }),
  }),
});

const subscriptionOf = ({ json: { subscription } }: Received): JsonObject =>
  isObject(subscription) ? subscription : {};

/** A revocation has the type of what it ends, and says so by its status. */
function typeOf(received: Received): string | undefined {
  const { type, status } = subscriptionOf(received);
  const isRevoked = received.json.event === undefined && status !== 'enabled';
  return isRevoked ? 'revocation' : readText(type);
}

/** The signed question whether the endpoint is ours: its challenge comes back as text. */
function answerChallenge(received: Received): Answer | undefined {
  const { challenge } = received.json;
  if (subscriptionOf(received).status !== 'webhook_callback_verification_pending') return undefined;
  const isChallenge = typeof challenge === 'string' && /^[\w.~-]{1,200}$/.test(challenge);
  return isChallenge ? { status: 200, body: challenge } : { status: 400, body: { error: 'malformed_request' } };
}
