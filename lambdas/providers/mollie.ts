import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { list } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Mollie's next-generation webhooks, by its SDKs (`mollie-api-typescript` 1.12.28, `mollie-api-php`'s `SignatureValidator`):
 * `X-Mollie-Signature: sha256=<hex>`, the HMAC-SHA-256 of the raw body. Both take a signature without its prefix, and several while
 * a secret is replaced. The classic webhooks, a form with an id, are not signed, and are not taken.
 */
export const mollie = defineProvider({
  name: 'mollie',
  title: 'Mollie',
  field: 'payments',
  documents: { source: 'https://docs.mollie.com/reference/webhooks-new', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: {
      header: 'x-mollie-signature',
      encoding: 'hex',
      form: list({ prefix: 'sha256=', isPrefixOptional: true }),
    },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.id),
    type: readText(json.type),
    time: parseIsoTime(json.createdAt),
  }),

  sample: ({ id, now, type = 'payment-link.paid' }) =>
    JSON.stringify({
      resource: 'event',
      id: `event_${id}`,
      type,
      entityId: 'pl_example',
      createdAt: now.toISOString(),
      _embedded: { entity: { description: 'Café' } },
    }),
});
