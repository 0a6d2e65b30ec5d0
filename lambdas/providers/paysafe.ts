import type { Options } from '../core/envelope.ts';
import { keyOfBody } from '../core/event-key.ts';
import { fingerprintWithout } from '../core/fingerprint.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import type { Scheme } from '../core/schemes/scheme.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

const SPEC = {
  hash: 'sha256',
  signature: { header: 'signature', encoding: 'base64' },
  signed: ['body'],
} as const;
/** A retry counts itself in the body, which is otherwise the same. */
const ATTEMPT = ['attemptNumber'];
const TEXT = hmac({ ...SPEC, key: 'utf8' });
const DECODED = hmac({ ...SPEC, key: 'base64' });

/**
 * Paysafe, by its pages on webhooks: `Signature`, base64 of the HMAC-SHA-256 of the raw body. The page on alternative payments
 * has the key in base64; those on other products take its text.
 */
export const paysafe = defineProvider({
  name: 'paysafe',
  title: 'Paysafe',
  field: 'payments',
  documents: { source: 'https://developer.paysafe.com/en/api-docs/payments-api/webhooks/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: ({ key }: Options): Scheme => (key === 'base64' ? DECODED : TEXT),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  attemptFields: ATTEMPT,
  options: {
    key: {
      type: 'choice',
      description: 'How the key is written: `text`, or `base64` for alternative payments, whose key must be decoded.',
      choices: ['text', 'base64'],
      default: 'text',
    },
  },

  readEvents: ({ json, body }) => ({
    key: keyOfBody(fingerprintWithout(ATTEMPT, body) ?? sha256(body)),
    type: readText(json.eventType),
    time: parseIsoTime(json.eventDate),
  }),

  sample: ({ id, now, type = 'PAYMENT_COMPLETED' }) =>
    JSON.stringify({
      payload: { id, status: 'COMPLETED', amount: 500, merchantRefNum: 'naïve' },
      eventType: type,
      attemptNumber: '1',
      resourceId: id,
      eventDate: now.toISOString(),
      mode: 'live',
    }),
});
