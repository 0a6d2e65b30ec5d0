import type { Envelope } from '../../core/envelope.ts';
import { defineProvider } from '../../core/provider.ts';
import type { Received } from '../../core/received.ts';
import { readId, readText } from '../../core/schemes/fields.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { pairs } from '../../core/schemes/pairs.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { paddleApi, paddleApiOptions, paddleNotifications } from './missed-events.ts';
import { paddleRegistration } from './registration.ts';

/**
 * Paddle Billing, by its page "Verify webhook signatures" and its SDK (3.10.0): `Paddle-Signature: ts=<Unix seconds>;h1=<hex>`, the
 * HMAC-SHA-256 of `<ts>:<raw body>`. While a secret is rotated there are several `h1`. The key is the whole text of the secret.
 */
export const paddle = defineProvider({
  name: 'paddle',
  title: 'Paddle',
  field: 'payments',
  documents: {
    source: 'https://developer.paddle.com/webhooks/about/signature-verification',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: {
      header: 'paddle-signature',
      encoding: 'hex',
      form: pairs({ timestamp: 'ts', signature: 'h1', separator: ';' }),
    },
    // The SDK allows five seconds, which a cold start and two clocks can take: the ledger knows whatever comes again within this.
    timestamp: { unit: 's', toleranceSeconds: 300 },
    signed: ['timestamp', { text: ':' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  // A replay is another notification of the same event.
  attemptFields: ['notification_id'],
  options: paddleApiOptions,
  api: paddleApi,
  missedEvents: paddleNotifications(readEvents),
  registration: paddleRegistration,

  readEvents,

  sample: ({ id, now, type = 'transaction.completed' }) =>
    JSON.stringify({
      event_id: `evt_${id}`,
      event_type: type,
      occurred_at: now.toISOString(),
      notification_id: `ntf_${id}`,
      data: { id: `txn_${id}`, status: 'completed', currency_code: 'EUR', custom_data: { note: 'naïve ☕' } },
    }),
});

function readEvents({ json }: Received): Envelope {
  return { key: readId(json.event_id), type: readText(json.event_type), time: parseIsoTime(json.occurred_at) };
}
