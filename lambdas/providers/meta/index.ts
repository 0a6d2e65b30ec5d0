import type { Answer, Delivery } from '../../core/delivery.ts';
import type { ReadContext } from '../../core/envelope.ts';
import { defineProvider } from '../../core/provider.ts';
import { Received } from '../../core/received.ts';
import { plain } from '../../core/schemes/forms.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { isSameText } from '../../core/schemes/mac.ts';
import { secretPart } from '../../core/schemes/secret-parts.ts';
import { readEvents } from './read-events.ts';

/**
 * Meta (WhatsApp, Messenger, Instagram, Pages), by its page "Create a webhook endpoint": `X-Hub-Signature-256: sha256=<hex>`, the
 * HMAC-SHA-256 of the raw body with the app secret. The endpoint is proved by a GET, with a token that you have chosen.
 */
export const meta = defineProvider({
  name: 'meta',
  title: 'Meta',
  documents: {
    source:
      'https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint',
    confidence: 'confirmed',
  },
  methods: ['POST', 'GET'],
  scheme: hmac({
    hash: 'sha256',
    key: { encoding: 'utf8', part: 'appSecret' },
    signature: { header: 'x-hub-signature-256', encoding: 'hex', form: plain({ prefix: 'sha256=' }) },
    signed: ['body'],
  }),
  secret: {
    madeBy: 'provider',
    parts: {
      appSecret: 'the app secret, of the app’s basic settings',
      verifyToken: 'the text that you choose, and enter as the verify token',
    },
  },
  identity: 'body',
  batches: true,
  rejectionStatus: 401,
  // WhatsApp's, with less and less frequency; the others end sooner.
  retryHorizonSeconds: 7 * 86_400,
  options: {},

  readEvents,

  handshakes: { challenge: answerChallenge, refusalStatus: 403 },

  sample: ({ id, type = 'messages' }) =>
    JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '102290129340398',
          changes: [
            {
              field: type,
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
                messages: [{ from: '16505551234', id: `wamid.${id}`, type: 'text', text: { body: 'Naïve ☕' } }],
              },
            },
          ],
        },
      ],
    }),
});

/** `hub.mode=subscribe` with our token: the challenge comes back as text. */
function answerChallenge(delivery: Delivery, secret: string, context: ReadContext): Answer | undefined {
  const { query } = new Received(delivery, context);
  const [mode, token, challenge] = ['hub.mode', 'hub.verify_token', 'hub.challenge'].map((name) => query.get(name));
  const expected = secretPart(secret, 'verifyToken');
  const isOurs = expected !== undefined && expected !== '' && isSameText(token ?? '', expected);
  const isChallenge = typeof challenge === 'string' && /^[\w.-]{1,200}$/.test(challenge);
  return mode === 'subscribe' && isOurs && isChallenge ? { status: 200, body: challenge } : undefined;
}
