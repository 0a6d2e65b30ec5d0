import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { list } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Nabla, by its document "Webhooks Setup": hex of the HMAC-SHA-256 of the timestamp header and the raw body, nothing between
 * them; one signature per live secret, separated by commas.
 */
export const nabla = defineProvider({
  name: 'nabla',
  title: 'Nabla',
  field: 'health',
  documents: { source: 'its document "Webhooks Setup"', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-nabla-webhook-signature', encoding: 'hex', form: list() },
    // The document allows 60 seconds of age; a clock that runs ahead of ours is allowed no more than one that runs behind.
    timestamp: { header: 'x-nabla-webhook-timestamp', unit: 'iso', toleranceSeconds: 60 },
    signed: ['timestamp', 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  // "Until successful or after multiple failed attempts": no time is published.
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.id),
    type: readText(json.type),
    time: parseIsoTime(json.created_at),
  }),

  sample: ({ id, now, type = 'generate_note_async.succeeded' }) =>
    JSON.stringify({
      id,
      created_at: now.toISOString(),
      type,
      data: {
        id: `note-${id}`,
        client_request_id: null,
        status: 'succeeded',
        payload: {
          note: {
            title: 'Synthetic note, about nobody',
            sections: [
              { key: 'CHIEF_COMPLAINT', title: 'Chief complaint', text: '- None\n- Example text, naïve: 37 °C' },
            ],
          },
          suggested_dot_phrases: [],
        },
      },
    }),
});
