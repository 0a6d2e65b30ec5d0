import type { Answer, Delivery } from '../core/delivery.ts';
import type { ReadContext } from '../core/envelope.ts';
import { isObject, parseObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { Received } from '../core/received.ts';
import { joinedType, readId, readText, splitType } from '../core/schemes/fields.ts';
import { isSameText } from '../core/schemes/mac.ts';
import type { Scheme } from '../core/schemes/scheme.ts';
import { parseIsoTime } from '../core/schemes/time.ts';
import { token } from '../core/schemes/token.ts';

const TOKEN = 'verification-token';
const inHeader = token({ in: { header: TOKEN } });

/** A verification by POST has the token in its body, beside its challenge and nothing else. */
const scheme: Scheme = {
  ...inHeader,
  read(delivery, context) {
    const asked = delivery.headers.has(TOKEN) ? undefined : readText(questionIn(delivery.body)?.[TOKEN]);
    const headers = asked === undefined ? delivery.headers : new Map([...delivery.headers, [TOKEN, [asked]]]);
    return inHeader.read({ ...delivery, headers }, context);
  },
};

/**
 * Redox, by its page "Create and verify an endpoint": nothing is signed. Redox sends the token that you choose in the header
 * `verification-token`, which proves the caller alone. An endpoint is verified once, by POST or by GET.
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
  scheme,
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  // `AttemptID` in the log of it, and the transmission that it is sent by.
  attemptFields: ['Meta.Logs', 'Meta.Transmission'],
  options: {},

  readEvents({ json: { Meta: meta } }) {
    const { DataModel, EventType, EventDateTime, Message } = isObject(meta) ? meta : {};
    return {
      key: isObject(Message) ? readId(Message.ID) : undefined,
      type: joinedType(DataModel, EventType),
      time: parseIsoTime(EventDateTime),
    };
  },

  handshakes: { challenge: answerChallenge, signed: answerQuestion },

  sample({ id, now, type = 'PatientAdmin.Arrival' }) {
    const [model, event] = splitType(type);
    return JSON.stringify({
      Meta: {
        DataModel: model,
        EventType: event,
        EventDateTime: now.toISOString(),
        Test: true,
        Message: { ID: id },
        Logs: [{ ID: 'log-example', AttemptID: 'attempt-example' }],
        Transmission: { ID: 12_414 },
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
  return isOurs && isChallenge(challenge) ? { status: 200, body: challenge } : undefined;
}

/** The same by POST, once the token is verified. */
function answerQuestion({ body }: Received): Answer | undefined {
  const { challenge } = questionIn(body) ?? {};
  if (challenge === undefined) return undefined;
  return isChallenge(challenge)
    ? { status: 200, body: challenge }
    : { status: 400, body: { error: 'malformed_request' } };
}

const isChallenge = (value: unknown): value is string => typeof value === 'string' && /^[\w.-]{1,200}$/.test(value);

/** A body of a token and a challenge alone. */
function questionIn(body: Buffer): JsonObject | undefined {
  const json = body.length < 1_000 ? parseObject(body) : undefined;
  return json && Object.keys(json).sort().join() === `challenge,${TOKEN}` ? json : undefined;
}
