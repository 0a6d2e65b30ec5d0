import { keyOfBody } from '../../core/event-key.ts';
import { sha256 } from '../../core/hash.ts';
import { defineProvider } from '../../core/provider.ts';
import { readText } from '../../core/schemes/fields.ts';
import { plain } from '../../core/schemes/forms.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { airtableApi, airtableOptions, airtableRegistration } from './registration.ts';

/**
 * Airtable: `X-Airtable-Content-MAC: hmac-sha256=<hex>`, the HMAC-SHA-256 of the raw body. The key is the decoded
 * `macSecretBase64`. The body says only that something changed; the payloads are fetched by the API.
 */
export const airtable = defineProvider({
  name: 'airtable',
  title: 'Airtable',
  documents: { source: 'https://airtable.com/developers/web/api/webhooks-overview', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'base64',
    signature: { header: 'x-airtable-content-mac', encoding: 'hex', form: plain({ prefix: 'hmac-sha256=' }) },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  acknowledgeWithinMs: 25_000,
  cutsOffAfterFailures: true,
  options: airtableOptions,
  api: airtableApi,
  registration: airtableRegistration,

  // The body names no type: every notification says that there is something to fetch.
  readEvents: ({ json, body }) => ({
    key: keyOfBody(sha256(body)),
    type: readText(json.type) ?? 'notification',
    time: parseIsoTime(json.timestamp),
  }),

  // It wants an empty answer.
  acknowledge: () => ({ status: 204 }),

  sample: ({ id, now, type }) =>
    JSON.stringify({
      base: { id: 'app00000000000000' },
      webhook: { id: `ach${id}` },
      timestamp: now.toISOString(),
      ...(type !== undefined && { type }),
    }),
});
