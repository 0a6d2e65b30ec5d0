import { EACH, eachOf } from '../../core/batch.ts';
import type { Answer, Delivery } from '../../core/delivery.ts';
import type { Envelope } from '../../core/envelope.ts';
import type { JsonObject } from '../../core/json.ts';
import { defineProvider } from '../../core/provider.ts';
import { readId, readText } from '../../core/schemes/fields.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { token } from '../../core/schemes/token.ts';
import { oktaApi, oktaApiOptions, oktaLog } from './missed-events.ts';

/**
 * Okta's event hooks, by its page "Event hooks": nothing is signed. Okta sends the header `Authorization` as it was entered, which
 * proves the caller alone. One delivery carries many events. A hook is verified once, by GET, and an answer of 4xx is final.
 */
export const okta = defineProvider({
  name: 'okta',
  title: 'Okta',
  documents: { source: 'https://developer.okta.com/docs/concepts/event-hooks/', confidence: 'confirmed' },
  methods: ['POST', 'GET'],
  scheme: token({ in: { header: 'authorization' } }),
  secret: { madeBy: 'customer' },
  identity: 'body',
  batches: true,
  rejectionStatus: 401,
  acknowledgeWithinMs: 3_000,
  // One retry at most.
  retryHorizonSeconds: 0,
  options: oktaApiOptions,
  api: oktaApi,
  missedEvents: oktaLog(readEvent),

  readEvents: eachOf(['data', 'events', EACH], readEvent),

  handshakes: { echo: answerVerification },
  acknowledge: () => ({ status: 204 }),

  sample: ({ id, now, type = 'user.lifecycle.create' }) =>
    JSON.stringify({
      eventType: 'com.okta.event_hook',
      eventTypeVersion: '1.0',
      cloudEventsVersion: '0.1',
      eventId: `delivery-${id}`,
      eventTime: now.toISOString(),
      data: {
        events: [
          {
            uuid: id,
            published: now.toISOString(),
            eventType: type,
            version: '0',
            displayMessage: 'Create naïve user',
          },
        ],
      },
    }),
});

/** The one-time question, by GET, whether the endpoint is ours: the value of its header comes back. */
function answerVerification({ method, headers }: Delivery): Answer | undefined {
  const values = headers.get('x-okta-verification-challenge');
  if (method !== 'GET' || !values) return undefined;
  const [value = ''] = values;
  const isChallenge = values.length === 1 && /^[\w.~+/=-]{1,500}$/.test(value);
  return isChallenge
    ? { status: 200, body: { verification: value } }
    : { status: 400, body: { error: 'malformed_request' } };
}

function readEvent(event: JsonObject): Envelope {
  return { key: readId(event.uuid), type: readText(event.eventType), time: parseIsoTime(event.published) };
}
