import { derivedKey } from '../core/event-key.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readIdText, readText } from '../core/schemes/fields.ts';
import { numbered } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * DocuSign Connect, by its page "HMAC authentication" and its sample: base64 of the HMAC-SHA-256 of the raw body, one header
 * per key of the account: `X-DocuSign-Signature-1`, `-2` and so on. How many keys there can be is not published. Messages are of the JSON format (SIM).
 */
export const docusign = defineProvider({
  name: 'docusign',
  title: 'DocuSign',
  documents: {
    source: 'https://developers.docusign.com/platform/webhooks/connect/validate/',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-docusign-signature', encoding: 'base64', form: numbered({ upTo: 10, readUpTo: 100 }) },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  attemptFields: ['retryCount'],
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents({ json }) {
    const { envelopeId, templateId, recipientId } = isObject(json.data) ? json.data : {};
    const [type, time] = [readText(json.event), parseIsoTime(json.generatedDateTime)];
    // No id: an envelope or a template, its recipient, what happened and when.
    const parts = [
      readIdText(envelopeId) ?? readIdText(templateId),
      readIdText(recipientId) ?? '',
      readText(json.generatedDateTime),
    ];
    const isNamed = type !== undefined && parts[0] !== undefined && parts[2] !== undefined;
    return { key: isNamed ? derivedKey(type, parts.join(' ')) : undefined, type, time };
  },

  sample: ({ id, now, type = 'envelope-completed' }) =>
    JSON.stringify({
      event: type,
      apiVersion: 'v2.1',
      uri: `/restapi/v2.1/accounts/1/envelopes/${encodeURIComponent(id)}`,
      retryCount: 0,
      configurationId: 10_418_598,
      generatedDateTime: now.toISOString(),
      data: { accountId: '18c3dcc0-39b1-4f41-8cc6-2ccb6bda6c1e', userId: 'zoë', envelopeId: id },
    }),
});
