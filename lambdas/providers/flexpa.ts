import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';
import { readUnixMilliseconds } from '../core/schemes/time.ts';

/**
 * Flexpa, by its page "Webhooks": `X-Flexpa-Signature: t=<Unix seconds>,v1=<hex>`, the HMAC-SHA-256 of `<t>.<raw body>`. The
 * header's time is in seconds and the body's in milliseconds.
 */
export const flexpa = defineProvider({
  name: 'flexpa',
  title: 'Flexpa',
  field: 'health',
  documents: { source: 'https://www.flexpa.com/docs/records/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-flexpa-signature', encoding: 'hex', form: pairs({ timestamp: 't', signature: 'v1' }) },
    timestamp: { unit: 's', toleranceSeconds: 300 },
    signed: ['timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  // Retries exist; their times are not published.
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.event_id),
    type: readText(json.event),
    time: readUnixMilliseconds(json.timestamp),
  }),

  sample: ({ id, now, type = 'records.sync.completed' }) =>
    JSON.stringify({
      event_id: id,
      event: type,
      timestamp: now.getTime(),
      version: '1',
      data: { mode: 'test', patient: 'José' },
    }),
});
