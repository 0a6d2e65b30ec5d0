import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Hint Health, by its page "Webhooks" for the fields: `X-Hint-Signature: sha256=<hex>`, the HMAC-SHA-256 of the raw body with
 * the partner's signature key. The form of the header is by partners' own code.
 */
export const hint = defineProvider({
  name: 'hint',
  title: 'Hint Health',
  field: 'health',
  documents: { source: 'https://developers.hint.com/reference/webhooks', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-hint-signature', encoding: 'hex', form: plain({ prefix: 'sha256=' }) },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  // With growing waits; their times are not published.
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({ key: readId(json.id), type: readText(json.type), time: parseIsoTime(json.created_at) }),

  sample: ({ id, now, type = 'patient.updated' }) =>
    JSON.stringify({
      id: `evt-${id}`,
      type,
      created_at: now.toISOString(),
      practice_id: 'pra-example',
      object: { id: 'pat-example', first_name: 'José' },
    }),
});
