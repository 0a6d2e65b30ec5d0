import { keyOfSending } from '../core/event-key.ts';
import type { Options } from '../core/envelope.ts';
import { sha256 } from '../core/hash.ts';
import type { HttpResponse } from '../core/http/http.ts';
import { isObject, parseObject } from '../core/json.ts';
import type { KeyRequest } from '../core/key-request.ts';
import { defineProvider } from '../core/provider.ts';
import type { Received } from '../core/received.ts';
import { readToken } from '../core/schemes/compact-token.ts';
import { joinedType, readIdText, splitType } from '../core/schemes/fields.ts';
import { readKey } from '../core/schemes/jwks.ts';
import { jwt } from '../core/schemes/jwt.ts';
import { secretPart } from '../core/schemes/secret-parts.ts';

const TOKEN = 'plaid-verification';
const ENVIRONMENTS = ['production', 'sandbox'] as const;

/**
 * Plaid, by its page "Webhook verification": `Plaid-Verification`, a JSON Web Token by ES256 whose `iat` is at most five minutes old
 * and whose `request_body_sha256` is the hash of the raw body. Its key is fetched by its `kid`, one at a time, with the client id and
 * secret of the API.
 */
export const plaid = defineProvider({
  name: 'plaid',
  title: 'Plaid',
  field: 'identity',
  documents: { source: 'https://plaid.com/docs/api/webhooks/webhook-verification/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: jwt({
    in: { header: TOKEN },
    key: { algorithm: 'ES256', fetch: verificationKey },
    claims: { maxAgeSeconds: 300, bodyHash: { claim: 'request_body_sha256', encoding: 'hex' } },
  }),
  secret: {
    madeBy: 'provider',
    parts: { clientId: 'the client_id of the team', secret: 'the secret of the environment' },
  },
  identity: 'signed time',
  rejectionStatus: 401,
  // After 30 seconds, and each time four times as long, for a day.
  retryHorizonSeconds: 86_400,
  acknowledgeWithinMs: 10_000,
  environments: ENVIRONMENTS,
  options: {
    environment: {
      type: 'choice',
      description:
        'The environment whose keys are asked for, and whose events are processed; events of another one are quarantined.',
      choices: ENVIRONMENTS,
      default: ENVIRONMENTS[0],
    },
  },

  readEvents(received) {
    const { json, body, options } = received;
    const isOurs = json.environment === undefined || json.environment === environmentOf(options);
    return {
      // SYNC_UPDATES_AVAILABLE of an item is the same text each time.
      key: keyOfSending(sha256(body), issuedAt(received)),
      type: joinedType(json.webhook_type, json.webhook_code),
      quarantine: isOurs ? undefined : 'wrong_environment',
    };
  },

  sample({ id, type = 'TRANSACTIONS.SYNC_UPDATES_AVAILABLE', options = {} }) {
    const [webhook_type, webhook_code] = splitType(type);
    return JSON.stringify({
      ...{ webhook_type, webhook_code, item_id: id, note: 'naïve ☕' },
      ...{ initial_update_complete: true, historical_update_complete: false, environment: environmentOf(options) },
    });
  },
});

/** `iat` of the token, which has been verified. */
function issuedAt({ headers }: Received): string {
  const token = readToken(headers, TOKEN, false, 'ES256');
  return (token.ok ? readIdText(token.value.payload.iat) : undefined) ?? '';
}

const environmentOf = ({ environment }: Options) => environment ?? ENVIRONMENTS[0];

function verificationKey(kid: string, secret: string, options: Options): KeyRequest {
  const url = `https://${environmentOf(options) === 'sandbox' ? 'sandbox' : 'production'}.plaid.com/webhook_verification_key/get`;
  const credentials = { client_id: secretPart(secret, 'clientId'), secret: secretPart(secret, 'secret') };
  return {
    ...{ set: url, id: kid, isSingle: true },
    call: {
      ...{ method: 'POST', url, headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ ...credentials, key_id: kid }),
    },
    read: readAnswer,
  };
}

/** The key of an answer; none if Plaid has no such key, or it has expired. */
function readAnswer({ status, body }: HttpResponse) {
  const json = parseObject(Buffer.from(body)) ?? {};
  if (status === 400 && json.error_code === 'INVALID_WEBHOOK_VERIFICATION_KEY_ID') return new Map();
  if (status !== 200 || !isObject(json.key)) return undefined;
  const { expired_at: expiredAt = null } = json.key;
  return new Map(expiredAt === null ? readKey(json.key) : []);
}
