import { defineProvider } from '../core/provider.ts';
import { anyOf } from '../core/schemes/any-of.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';

const FORM_OF = pairs({ timestamp: 't', signature: 'v1' });
const SIGNED = {
  hash: 'sha256',
  key: 'utf8',
  timestamp: { unit: 's', toleranceSeconds: 300 },
  signed: ['timestamp', { text: '.' }, 'body'],
} as const;

/**
 * Terra, by its page "Webhooks" and its SDKs: `X-Terra-Signature: t=<Unix seconds>,v1=<hex>`, the HMAC-SHA-256 of `<t>.<raw
 * body>`. The older name of the header is `Terra-Signature`. The id of a delivery is in a header that is not signed.
 */
export const terra = defineProvider({
  name: 'terra',
  title: 'Terra',
  field: 'health',
  documents: {
    source: 'https://docs.tryterra.co/reference/health-and-fitness-api/authentication-api',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: anyOf(
    hmac({ ...SIGNED, signature: { header: 'x-terra-signature', encoding: 'hex', form: FORM_OF } }),
    hmac({ ...SIGNED, signature: { header: 'terra-signature', encoding: 'hex', form: FORM_OF } }),
  ),
  secret: { madeBy: 'provider' },
  identity: 'unsigned header',
  rejectionStatus: 401,
  // Of one of its products, about half an hour; the others publish no times.
  retryHorizonSeconds: 1_800,
  acknowledgeWithinMs: 8_000,
  options: {},

  readEvents: (received) => ({
    key: received.header('x-terra-trace-id'),
    type: readText(received.json.event_type) ?? readText(received.json.type),
    unsignedId: true,
  }),

  sample: ({ id, now, type = 'activity' }) => ({
    headers: { 'x-terra-trace-id': id },
    body: JSON.stringify({
      type,
      status: 'success',
      user: { user_id: `user-${id}`, provider: 'GARMIN', last_webhook_update: now.toISOString() },
      data: [{ metadata: { name: 'Köln ☕' } }],
    }),
  }),
});
