import type { Answer, Delivery } from '../core/delivery.ts';
import type { ReadContext } from '../core/envelope.ts';
import { handshakeToken } from '../core/handshake-token.ts';
import { defineProvider } from '../core/provider.ts';
import { Received } from '../core/received.ts';
import { hmac as macOf } from '../core/schemes/mac.ts';
import { token } from '../core/schemes/token.ts';

/** The text that is signed for the verification; nothing else is signed with the token. */
const MESSAGE = handshakeToken('A-Za-z0-9_.-', 256);

/**
 * DrChrono, by its API reference: `X-drchrono-signature` carries the webhook's secret token itself, which proves the caller
 * alone. The URL is verified by GET: the answer is the HMAC-SHA-256 of a text with the token.
 */
export const drchrono = defineProvider({
  name: 'drchrono',
  title: 'DrChrono',
  field: 'health',
  documents: { source: 'https://app.drchrono.com/api-docs/#section/Webhooks', confidence: 'confirmed' },
  methods: ['POST', 'GET'],
  scheme: token({ in: { header: 'x-drchrono-signature' } }),
  secret: { madeBy: 'customer' },
  identity: 'unsigned header',
  rejectionStatus: 401,
  // One, three and seven hours after the event.
  retryHorizonSeconds: 25_200,
  options: {},

  readEvents: (received) => ({
    key: received.header('x-drchrono-delivery'),
    type: received.header('x-drchrono-event'),
    unsignedId: true,
  }),

  handshakes: { token: MESSAGE, challenge: answerMessage },

  sample: ({ id, now, type = 'PATIENT_MODIFY' }) => ({
    headers: { 'x-drchrono-delivery': id, 'x-drchrono-event': type },
    body: JSON.stringify({
      receiver: { id: 1, callback_url: 'https://hooks.example.com/webhooks/drchrono', updated_at: now.toISOString() },
      object: { id, first_name: 'José', last_name: 'Example' },
    }),
  }),
});

/** `?msg=<text>`: the answer proves that the token is known here. */
function answerMessage(delivery: Delivery, secret: string, context: ReadContext): Answer | undefined {
  const message = MESSAGE.read(new Received(delivery, context).query.get('msg'));
  if (message === undefined || secret === '') return undefined;
  return { status: 200, body: { secret_token: macOf('sha256', secret, message).toString('hex') } };
}
