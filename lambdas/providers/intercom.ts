import type { Answer, Delivery } from '../core/delivery.ts';
import { defineProvider } from '../core/provider.ts';
import type { Received } from '../core/received.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUnixTime } from '../core/schemes/time.ts';

/**
 * Intercom, by its page "Signed notifications": `X-Hub-Signature: sha1=<hex>`, the HMAC-SHA-1 of the raw body. The key is the text
 * of the app's client secret. A URL is asked by HEAD before it is taken, and by a signed ping when somebody tests it.
 */
export const intercom = defineProvider({
  name: 'intercom',
  title: 'Intercom',
  documents: {
    source: 'https://developers.intercom.com/docs/webhooks/webhook-notifications',
    confidence: 'confirmed',
  },
  methods: ['POST', 'HEAD'],
  scheme: hmac({
    hash: 'sha1',
    key: 'utf8',
    signature: { header: 'x-hub-signature', encoding: 'hex', form: plain({ prefix: 'sha1=' }) },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  attemptFields: ['delivery_attempts', 'delivery_status', 'delivered_at', 'first_sent_at'],
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  cutsOffAfterFailures: true,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.id),
    type: readText(json.topic),
    time: readUnixTime(json.created_at),
  }),

  handshakes: { echo: answerHead, signed: answerPing },

  sample: ({ id, now, type = 'contact.user.created' }) =>
    JSON.stringify({
      type: 'notification_event',
      app_id: 'a86dr8yl',
      data: { type: 'notification_event_data', item: { type: 'contact', id: '530370b477ad7120001d', name: 'Zoë' } },
      id: `notif_${id}`,
      topic: type,
      delivery_status: 'pending',
      delivery_attempts: 1,
      delivered_at: 0,
      first_sent_at: Math.floor(now.getTime() / 1000),
      created_at: Math.floor(now.getTime() / 1000),
    }),
});

/** The question whether the endpoint is there. It asks for nothing that is secret, and the answer says nothing else. */
function answerHead({ method }: Delivery): Answer | undefined {
  return method === 'HEAD' ? { status: 200 } : undefined;
}

/** The test of the URL: signed like a notification, and without an id. */
function answerPing({ json }: Received): Answer | undefined {
  return json.topic === 'ping' ? { status: 200 } : undefined;
}
