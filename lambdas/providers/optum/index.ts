import { allowOrigin } from '../../core/cloudevents.ts';
import type { Answer, Delivery } from '../../core/delivery.ts';
import type { Envelope } from '../../core/envelope.ts';
import { sha256 } from '../../core/hash.ts';
import { parseObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { keyOfBody } from '../../core/event-key.ts';
import { defineProvider } from '../../core/provider.ts';
import type { Received } from '../../core/received.ts';
import { readId, readText } from '../../core/schemes/fields.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { optumApi, optumApiOptions } from './api.ts';
import { optumMissedEvents } from './missed-events.ts';
import { optumRegistration } from './registration.ts';
import { optumRotation } from './rotation.ts';

const SIGNATURE = 'x-optum-webhook-callback-hmac-signature';

/**
 * Optum Connections, by its document "Responding to an event": hex of the HMAC-SHA-256 of the raw body. Its Node sample
 * serialises the parsed body again, which fails on any other white space or number; the body as received is what is signed.
 */
export const optum = defineProvider({
  name: 'optum',
  title: 'Optum Connections',
  field: 'health',
  documents: { source: 'its document "Responding to an event"', confidence: 'confirmed' },
  methods: ['POST', 'OPTIONS'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: SIGNATURE, encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 400,
  // Three retries, at times that are not published; then the event is listed as missed.
  retryHorizonSeconds: 0,
  // The circuit opens.
  cutsOffAfterFailures: true,
  options: {
    answerChallenge: {
      type: 'boolean',
      description:
        'Answer an unsigned POST that carries nothing but a `challenge` or `validationToken`, by sending it back.',
      default: false,
    },
    ...optumApiOptions,
  },
  api: optumApi,
  missedEvents: optumMissedEvents(readEvents),
  rotation: optumRotation,
  registration: optumRegistration,

  readEvents,

  handshakes: {
    echo(delivery, { options }) {
      if (delivery.method === 'OPTIONS') return allowOrigin(delivery.headers);
      return options.answerChallenge === true ? answerChallenge(delivery) : undefined;
    },
  },

  sample: ({ id, now, type = 'payment_loading_completed' }) =>
    JSON.stringify({
      id,
      source: '/example/payments',
      specVersion: '1.0',
      type,
      dataContentType: 'application/json',
      data: { paymentId: id, status: type, amount: 12.5, currency: 'USD' },
      time: now.toISOString(),
      causationId: `cause-${id}`,
    }),
});

function readEvents({ json, body }: Received): Envelope {
  const type = readText(json.type);
  if (type === undefined) return { quarantine: 'no_event_type' };
  return { key: eventKey(type, json) ?? keyOfBody(sha256(body)), type, time: parseIsoTime(json.time) };
}

/**
 * `id` names the object that the event is about, so that one payment's events share it: only with type, cause and time does
 * it name the event. A JSON array keeps the four apart whatever they hold. Undefined if one is missing.
 */
function eventKey(type: string, json: JsonObject): Envelope['key'] {
  const parts = [type, readId(json.id), readId(json.causationId), readText(json.time)];
  return parts.includes(undefined) ? undefined : JSON.stringify(parts);
}

/** Bytes of the longest body that is looked at as a challenge. */
const MAX_CHALLENGE_BYTES = 2048;

/** Sends a challenge back, if the body is nothing else: an event never gets an answer here, signed or not. */
function answerChallenge({ headers, body }: Delivery): Answer | undefined {
  if (headers.has(SIGNATURE) || body.length > MAX_CHALLENGE_BYTES) return undefined;
  const [field, ...others] = Object.entries(parseObject(body) ?? {});
  if (!field || others.length > 0) return undefined;
  const [name, value] = field;
  const isChallenge = (name === 'challenge' || name === 'validationToken') && typeof value === 'string';
  return isChallenge && /^[ -~]{1,1024}$/.test(value) ? { status: 200, body: { [name]: value } } : undefined;
}
