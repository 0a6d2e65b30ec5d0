import type { Options } from '../core/envelope.ts';
import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import type { Scheme } from '../core/schemes/scheme.ts';
import { readUtcTime } from '../core/schemes/time.ts';

const SIGNATURE = { header: 'x-payload-digest', encoding: 'hex' } as const;
const SHA256 = hmac({ hash: 'sha256', key: 'utf8', signature: SIGNATURE, signed: ['body'] });
const SHA512 = hmac({ hash: 'sha512', key: 'utf8', signature: SIGNATURE, signed: ['body'] });

/**
 * Sumsub, by its page "Webhook manager": `x-payload-digest`, an HMAC of the raw body, in hex. `x-payload-digest-alg` names the
 * hash, and is not signed: the source states the hash that was chosen for the webhook, and no other is taken. The page names the
 * algorithms; the names of the headers are from others.
 */
export const sumsub = defineProvider({
  name: 'sumsub',
  title: 'Sumsub',
  field: 'identity',
  documents: { source: 'https://docs.sumsub.com/docs/webhook-manager', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: ({ hash }: Options): Scheme => (hash === 'sha512' ? SHA512 : SHA256),
  secret: { madeBy: 'customer' },
  identity: 'none',
  rejectionStatus: 401,
  acknowledgeWithinMs: 5_000,
  // After 5 minutes, 1 hour, 5 hours and 18 hours.
  retryHorizonSeconds: 86_700,
  cutsOffAfterFailures: true,
  options: {
    hash: {
      type: 'choice',
      choices: ['sha256', 'sha512'],
      default: 'sha256',
      description: 'The hash that was chosen for the webhook: `HMAC_SHA256_HEX` or `HMAC_SHA512_HEX`.',
    },
  },

  readEvents({ json, body }) {
    const type = readText(json.type);
    return {
      key: keyOfBody(sha256(body)),
      type,
      // `2026-03-01 09:30:00.000`, in UTC.
      time: readUtcTime(json.createdAtMs),
      quarantine: type === undefined ? 'no_event_type' : undefined,
    };
  },

  sample: ({ id, now, type = 'applicantReviewed' }) =>
    JSON.stringify({
      applicantId: id,
      inspectionId: 'an-inspection',
      correlationId: 'a-correlation',
      externalUserId: 'naïve',
      levelName: 'basic-kyc-level',
      type,
      reviewResult: { reviewAnswer: 'GREEN' },
      reviewStatus: 'completed',
      createdAtMs: now.toISOString().replace('T', ' ').replace('Z', ''),
    }),
});
