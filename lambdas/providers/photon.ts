import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Photon Health, by its GraphQL API (`createWebhookConfig`): `X-Photon-Signature`, the HMAC-SHA-256 of the raw body, in hex,
 * with the shared secret that you state. The encoding is by another vendor's integration.
 */
export const photon = defineProvider({
  name: 'photon',
  title: 'Photon Health',
  field: 'health',
  documents: { source: 'https://docs.photon.health/docs/webhooks', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-photon-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({ key: readId(json.id), type: readText(json.type), time: parseIsoTime(json.time) }),

  sample: ({ id, now, type = 'photon:order:fulfillment' }) =>
    JSON.stringify({
      id,
      type,
      specversion: '1.0',
      datacontenttype: 'application/json',
      time: now.toISOString(),
      subject: 'ord_example',
      data: { id: 'ord_example', fulfillment: { state: 'SENT' }, patient: { name: 'José' } },
    }),
});
