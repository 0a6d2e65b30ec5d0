import type { Answer, Delivery } from '../core/delivery.ts';
import type { ReadContext } from '../core/envelope.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { Received } from '../core/received.ts';
import { joinedType, readId, splitType } from '../core/schemes/fields.ts';
import { isSameText } from '../core/schemes/mac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';
import { token } from '../core/schemes/token.ts';

/**
 * Redox, by its page "Create and verify an endpoint": nothing is signed. Redox sends the token that you choose in the header
 * `verification-token`, which proves the caller alone. An endpoint is verified once, by GET.
 */
export const redox = defineProvider({
  name: 'redox',
  title: 'Redox',
  field: 'health',
  documents: {
    source: 'https://docs.redoxengine.com/basics/redox-setup/create-and-verify-an-endpoint/',
    confidence: 'confirmed',
  },
  methods: ['POST', 'GET'],
  scheme: token({ in: { header: 'verification-token' } }),
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents({ json: { Meta: meta } }) {
    const { DataModel, EventType, EventDateTime, Message } = isObject(meta) ? meta : {};
    return {
      key: isObject(Message) ? readId(Message.ID) : undefined,
      type: joinedType(DataModel, EventType),
      time: parseIsoTime(EventDateTime),
    };
  },

  handshakes: { challenge: answerChallenge },

  sample({ id, now, type = 'PatientAdmin.Arrival' }) {
    const [model, event] = splitType(type);
    return JSON.stringify({
      Meta: {
        DataModel: model,
        EventType: event,
        EventDateTime: now.toISOString(),
        Test: true,
        Message: { ID: id },
        Source: { ID: 'source-example', Name: 'Redox Dev Tools' },
      },
      Patient: { Demographics: { FirstName: 'José', LastName: 'Example' } },
    });
  },
});

/** The question whether the endpoint is ours, with our token in the query: its challenge comes back as text. */
function answerChallenge(delivery: Delivery, secret: string, context: ReadContext): Answer | undefined {
  const { query } = new Received(delivery, context);
  const [given, challenge] = [query.get('verification-token') ?? '', query.get('challenge') ?? ''];
  const isOurs = secret !== '' && isSameText(given, secret);
  return isOurs && /^[\w.-]{1,200}$/.test(challenge) ? { status: 200, body: challenge } : undefined;
}
