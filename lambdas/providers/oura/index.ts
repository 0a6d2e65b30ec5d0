import type { Answer, Delivery } from '../../core/delivery.ts';
import type { ReadContext } from '../../core/envelope.ts';
import { keyOfBody } from '../../core/event-key.ts';
import { sha256 } from '../../core/hash.ts';
import { defineProvider } from '../../core/provider.ts';
import { Received } from '../../core/received.ts';
import { joinedType, splitType } from '../../core/schemes/fields.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { isSameText } from '../../core/schemes/mac.ts';
import { secretPart } from '../../core/schemes/secret-parts.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { ouraApi, ouraOptions, ouraRegistration } from './registration.ts';

/**
 * Oura, by its page "Webhook subscriptions" for the fields: `x-oura-signature`, the HMAC-SHA-256 of the header `x-oura-
 * timestamp` and the raw body, in upper-case hex, by what several receivers do. A subscription is verified by GET.
 */
export const oura = defineProvider({
  name: 'oura',
  title: 'Oura',
  field: 'health',
  documents: {
    source: 'https://cloud.ouraring.com/v2/docs#tag/Webhook-Subscription-Routes',
    confidence: 'unconfirmed',
  },
  methods: ['POST', 'GET'],
  scheme: hmac({
    hash: 'sha256',
    key: { encoding: 'utf8', part: 'clientSecret' },
    signature: { header: 'x-oura-signature', encoding: 'hex' },
    // In which unit it is written is not known: it is signed as it came, and the body begins with its brace.
    signed: [{ header: 'x-oura-timestamp' }, 'body'],
  }),
  secret: {
    madeBy: 'provider',
    parts: {
      clientSecret: 'the client secret of the app',
      verificationToken: 'the text that you choose, and state when you subscribe',
    },
  },
  identity: 'none',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  acknowledgeWithinMs: 10_000,
  options: ouraOptions,
  api: ouraApi,
  registration: ouraRegistration,

  readEvents: ({ json, body }) => ({
    key: keyOfBody(sha256(body)),
    type: joinedType(json.data_type, json.event_type),
    time: parseIsoTime(json.event_time),
  }),

  handshakes: { challenge: answerChallenge },

  sample({ id, now, type = 'daily_sleep.update' }) {
    const [data, event] = splitType(type);
    const body = { event_type: event, data_type: data, object_id: id, event_time: now.toISOString() };
    return {
      headers: { 'x-oura-timestamp': String(Math.floor(now.getTime() / 1000)) },
      body: JSON.stringify({ ...body, user_id: 'naïve-user' }),
    };
  },
});

/** `?verification_token=<ours>&challenge=<text>`: the challenge comes back as JSON. */
function answerChallenge(delivery: Delivery, secret: string, context: ReadContext): Answer | undefined {
  const { query } = new Received(delivery, context);
  const [given, challenge] = [query.get('verification_token') ?? '', query.get('challenge') ?? ''];
  const expected = secretPart(secret, 'verificationToken') ?? '';
  const isOurs = expected !== '' && isSameText(given, expected);
  return isOurs && /^[\w.-]{1,200}$/.test(challenge) ? { status: 200, body: { challenge } } : undefined;
}
