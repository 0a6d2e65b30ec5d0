import { defineProvider } from '../../lambdas/core/provider.ts';
import { readId, readText } from '../../lambdas/core/schemes/fields.ts';
import { plain } from '../../lambdas/core/schemes/forms.ts';
import { hmac } from '../../lambdas/core/schemes/hmac.ts';
import { parseIsoTime } from '../../lambdas/core/schemes/time.ts';

// Each field is explained in lambdas/core/provider.ts, and docs/adding-a-provider.md says what else a scheme, a body and a
// handshake can be. Remove each marked line when its answer is there; `npm run test:mine` names those that are left.

/** Acme, by its page "Webhooks". */
export default defineProvider({
  name: 'acme',
  title: 'Acme',
  // FILL IN the page of the vendor that the facts are from; `unconfirmed` if it does not state the signed bytes.
  documents: { source: 'https://acme.example/docs/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  // FILL IN how a delivery is signed: hmac, publicKey, token or jwt; the header, the encoding, and the signed parts in their order.
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-acme-signature', encoding: 'hex', form: plain({ prefix: 'sha256=' }) },
    timestamp: { header: 'x-acme-timestamp', unit: 's', toleranceSeconds: 300 },
    signed: ['timestamp', { text: '.' }, 'body'],
  }),
  // FILL IN who makes the secret: `provider` hands it over, `customer` lets the deployment generate it.
  secret: { madeBy: 'provider' },
  // FILL IN where the id of an event is: `body`, `signed header`, `unsigned header`, or `none`.
  identity: 'body',
  // FILL IN the status that a delivery with a bad signature is answered with.
  rejectionStatus: 401,
  // FILL IN for how many seconds the provider retries; 0 if it does not say.
  retryHorizonSeconds: 0,
  options: {},

  // FILL IN the fields of the body that name the event, its type and its time.
  readEvents: ({ json }) => ({ key: readId(json.id), type: readText(json.type), time: parseIsoTime(json.created_at) }),

  // FILL IN a body as the vendor's page shows one, with the given id, type and time in it.
  sample: ({ id, now, type = 'thing.created' }) =>
    JSON.stringify({ id, type, created_at: now.toISOString(), data: { note: 'naïve ☕' } }),
});
