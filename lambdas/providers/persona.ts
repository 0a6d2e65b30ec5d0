import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Persona, by its page "Webhooks best practices": `Persona-Signature: t=<Unix seconds>,v1=<hex>`, the HMAC-SHA-256 of
 * `<t>.<raw body>`. While a secret is rotated there are two such sets with a blank between them, each with a time of its own.
 */
export const persona = defineProvider({
  name: 'persona',
  title: 'Persona',
  field: 'identity',
  documents: { source: 'https://docs.withpersona.com/docs/webhooks-best-practices', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: {
      header: 'persona-signature',
      encoding: 'hex',
      form: pairs({ timestamp: 't', signature: 'v1', groups: ' ' }),
    },
    // No limit to its age is published.
    timestamp: { unit: 's' },
    signed: ['timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  // Up to eight attempts; the times between them have changed, and are no longer published.
  retryHorizonSeconds: 0,
  options: {},

  readEvents({ json: { data } }) {
    const event = isObject(data) && data.type === 'event' ? data : {};
    const attributes = isObject(event.attributes) ? event.attributes : {};
    return {
      key: readId(event.id),
      type: readText(attributes.name),
      time: parseIsoTime(attributes['created-at'] ?? attributes.created_at),
    };
  },

  sample: ({ id, now, type = 'inquiry.approved' }) =>
    JSON.stringify({
      data: {
        type: 'event',
        id: `evt_${id}`,
        attributes: {
          name: type,
          payload: {
            data: { type: 'inquiry', id: 'inq_example', attributes: { status: 'approved', note: 'naïve' } },
          },
          'created-at': now.toISOString(),
        },
      },
    }),
});
