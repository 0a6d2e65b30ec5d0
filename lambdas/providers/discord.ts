import type { Answer } from '../core/delivery.ts';
import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import type { Received } from '../core/received.ts';
import { readText } from '../core/schemes/fields.ts';
import { publicKey } from '../core/schemes/public-key.ts';
import { readUtcTime } from '../core/schemes/time.ts';

/** Discord wants an empty answer, with a content type all the same. */
const NO_CONTENT: Answer = { status: 204, headers: { 'content-type': 'application/json' } };

/**
 * Discord's webhook events, by its page "Webhook Events" and discord-interactions (4.4.0): an Ed25519 signature, in hex, of the
 * timestamp and the raw body. The secret is the application's public key, in hex as the developer portal shows it. Discord signs
 * wrongly on purpose from time to time, and removes a URL that lets such a delivery pass.
 */
export const discord = defineProvider({
  name: 'discord',
  title: 'Discord',
  documents: {
    source: 'https://docs.discord.com/developers/events/webhook-events',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: publicKey({
    algorithm: 'ed25519',
    key: 'hex',
    signature: { header: 'x-signature-ed25519', encoding: 'hex' },
    // Signed, and no limit to its age is documented.
    timestamp: { header: 'x-signature-timestamp', unit: 's' },
    signed: ['timestamp', 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  acknowledgeWithinMs: 3_000,
  retryHorizonSeconds: 600,
  cutsOffAfterFailures: true,
  options: {},

  readEvents({ json, body }) {
    const event = eventOf(json);
    return {
      key: keyOfBody(sha256(body)),
      type: readText(event?.type),
      // UTC, written without a zone.
      time: readUtcTime(event?.timestamp),
      quarantine: event ? undefined : 'no_event_type',
    };
  },

  handshakes: { signed: answerPing },
  acknowledge: () => NO_CONTENT,

  sample: ({ id, now, type = 'APPLICATION_AUTHORIZED' }) =>
    JSON.stringify({
      version: 1,
      application_id: '1234560123453231555',
      type: 1,
      event: {
        type,
        timestamp: now.toISOString().replace('Z', '000'),
        data: { user: { id, username: 'example' }, scopes: ['identify'] },
      },
    }),
});

const eventOf = ({ event }: JsonObject): JsonObject | undefined => (isObject(event) ? event : undefined);

/** A PING is of type 0 among the webhook events; among the interactions it is of type 1, as an event is, but has no event. */
function answerPing({ json }: Received): Answer | undefined {
  if (json.type === 0) return NO_CONTENT;
  return json.type === 1 && !eventOf(json) ? { status: 200, body: { type: 1 } } : undefined;
}
