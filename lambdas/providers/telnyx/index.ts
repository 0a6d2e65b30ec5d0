import type { Envelope } from '../../core/envelope.ts';
import { isObject } from '../../core/json.ts';
import { defineProvider } from '../../core/provider.ts';
import type { Received } from '../../core/received.ts';
import { readId, readText } from '../../core/schemes/fields.ts';
import { publicKey } from '../../core/schemes/public-key.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { telnyxApi, telnyxApiOptions, telnyxDeliveries } from './missed-events.ts';

/**
 * Telnyx, by its SDK (7.24.0, `webhooks.js`): `telnyx-signature-ed25519`, the base64 of an Ed25519 signature of
 * `<timestamp>|<raw body>`. The secret is the public key that the portal shows, in base64.
 */
export const telnyx = defineProvider({
  name: 'telnyx',
  title: 'Telnyx',
  documents: { source: 'telnyx 7.24.0, lib/webhooks.js', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: publicKey({
    algorithm: 'ed25519',
    key: 'base64',
    signature: { header: 'telnyx-signature-ed25519', encoding: 'base64' },
    timestamp: { header: 'telnyx-timestamp', unit: 's', toleranceSeconds: 300 },
    signed: ['timestamp', { text: '|' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  // A failover URL is another place to be delivered to.
  attemptFields: ['meta.attempt', 'meta.delivered_to'],
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: telnyxApiOptions,
  api: telnyxApi,
  missedEvents: telnyxDeliveries(readEvents),

  readEvents,

  sample: ({ id, now, type = 'message.received' }) =>
    JSON.stringify({
      data: {
        event_type: type,
        id,
        occurred_at: now.toISOString(),
        payload: { direction: 'inbound', text: 'Hello, naïve ☕', record_type: 'message' },
        record_type: 'event',
      },
      meta: { attempt: 1, delivered_to: 'https://hooks.example.com/webhooks/telnyx' },
    }),
});

function readEvents({ json: { data } }: Received): Envelope {
  const event = isObject(data) && data.record_type === 'event' ? data : {};
  return { key: readId(event.id), type: readText(event.event_type), time: parseIsoTime(event.occurred_at) };
}
