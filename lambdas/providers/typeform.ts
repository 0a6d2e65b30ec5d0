import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Typeform, by its page "Secure your webhooks": `Typeform-Signature: sha256=<base64>`, the HMAC-SHA-256 of the raw body. The prefix
 * is one that goes with hex elsewhere.
 */
export const typeform = defineProvider({
  name: 'typeform',
  title: 'Typeform',
  documents: {
    source: 'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'typeform-signature', encoding: 'base64', form: plain({ prefix: 'sha256=' }) },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.event_id),
    type: readText(json.event_type),
    time: parseIsoTime(isObject(json.form_response) ? json.form_response.submitted_at : undefined),
  }),

  sample: ({ id, now, type = 'form_response' }) =>
    JSON.stringify({
      event_id: id,
      event_type: type,
      form_response: {
        form_id: 'lT4Z3j',
        token: id,
        submitted_at: now.toISOString(),
        answers: [{ type: 'text', text: 'naïve ☕', field: { id: 'DlXFaesGBpoF', type: 'long_text' } }],
      },
    }),
});
