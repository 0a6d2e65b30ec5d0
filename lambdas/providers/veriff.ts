import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { isObject } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { joinedType, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Veriff, by its page "HMAC authentication and endpoint security": `X-HMAC-SIGNATURE`, the HMAC-SHA-256 of the raw body, in hex of
 * either case. The key is the text of the integration's shared secret. The older `X-SIGNATURE`, a plain hash of body and secret, is
 * not looked at.
 */
export const veriff = defineProvider({
  name: 'veriff',
  title: 'Veriff',
  field: 'identity',
  documents: {
    source: 'https://devdocs.veriff.com/docs/hmac-authentication-and-endpoint-security',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-hmac-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json, body }) => ({
    key: keyOfBody(sha256(body)),
    type: readType(json),
    time: readTime(json),
    quarantine: readType(json) === undefined ? 'no_event_type' : undefined,
  }),

  sample: ({ id, type = 'submitted' }) =>
    JSON.stringify({ id, attemptId: 'an-attempt', feature: 'selfid', code: 7002, action: type, vendorData: 'naïve' }),
});

/**
 * Events of a session say what happened, a decision how it was decided, a check against the watchlists whether it is the first one;
 * the data of a fully automatic session have a type of their own.
 */
function readType({ action, verification, checkType, eventType }: JsonObject): string | undefined {
  if (isObject(verification)) return readText(action) ?? joinedType('decision', verification.status);
  const check = readText(checkType);
  return readText(action) ?? (check === undefined ? readText(eventType) : joinedType('watchlist', check));
}

const readTime = ({ verification, checkedAt, time }: JsonObject): Date | undefined =>
  parseIsoTime(isObject(verification) ? verification.decisionTime : (checkedAt ?? time));
