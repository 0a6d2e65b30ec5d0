import { FORM, readForm } from '../core/content.ts';
import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';

/**
 * Acuity Scheduling, by its page "Webhooks" and its SDK: `X-Acuity-Signature`, base64 of the HMAC-SHA-256 of the raw body,
 * which is a form. The key is the API key of the account that made the webhook.
 */
export const acuity = defineProvider({
  name: 'acuity',
  title: 'Acuity Scheduling',
  field: 'health',
  documents: { source: 'https://developers.acuityscheduling.com/docs/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-acuity-signature', encoding: 'base64' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  content: [FORM],
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ body }) => ({ key: keyOfBody(sha256(body)), type: readText(readForm(body)?.get('action')?.[0]) }),

  sample: ({ id, type = 'scheduled' }) => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      action: type,
      id,
      calendarID: '1',
      appointmentTypeID: '1',
      note: 'naïve ☕',
    }).toString(),
  }),
});
