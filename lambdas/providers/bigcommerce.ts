import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { tagged } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUnixTime } from '../core/schemes/time.ts';

/**
 * BigCommerce, by its page "Webhooks overview": the headers and the signed bytes of Standard Webhooks. The key is the app's
 * client secret as it is: nothing of it is base64.
 */
export const bigcommerce = defineProvider({
  name: 'bigcommerce',
  title: 'BigCommerce',
  documents: { source: 'https://developer.bigcommerce.com/docs/integrations/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'webhook-signature', encoding: 'base64', form: tagged('v1') },
    timestamp: { header: 'webhook-timestamp', unit: 's', toleranceSeconds: 300 },
    id: { header: 'webhook-id' },
    signed: ['id', { text: '.' }, 'timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'signed header',
  rejectionStatus: 401,
  // For 48 hours; then the webhook is deactivated.
  retryHorizonSeconds: 172_800,
  cutsOffAfterFailures: true,
  options: {},

  readEvents: (received) => ({
    key: received.header('webhook-id'),
    type: readText(received.json.scope),
    time: readUnixTime(received.json.created_at),
  }),

  sample: ({ id, now, type = 'store/order/created' }) => ({
    headers: { 'webhook-id': id },
    body: JSON.stringify({
      scope: type,
      store_id: '1025646',
      data: { type: 'order', id: 250, note: 'naïve' },
      hash: 'dd70c0976e06b67aaf671e73f49dcb79230ebf9d',
      created_at: Math.floor(now.getTime() / 1000),
      producer: 'stores/an-example',
    }),
  }),
});
