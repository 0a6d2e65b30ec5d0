import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * WorkOS, by its SDK (11.0.0): `WorkOS-Signature: t=<milliseconds>, v1=<hex>`, the HMAC-SHA-256 of `<t>.<raw body>`. The time is in
 * milliseconds.
 */
export const workos = defineProvider({
  name: 'workos',
  title: 'WorkOS',
  documents: { source: '@workos-inc/node 11.0.0, webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: {
      header: 'workos-signature',
      encoding: 'hex',
      form: pairs({ timestamp: 't', signature: 'v1' }),
    },
    // The SDK refuses only what is too old; a clock that runs ahead is allowed no more than one that runs behind.
    timestamp: { unit: 'ms', toleranceSeconds: 180 },
    signed: ['timestamp', { text: '.' }, 'body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.id),
    type: readText(json.event),
    time: parseIsoTime(json.created_at),
  }),

  sample: ({ id, now, type = 'dsync.user.created' }) =>
    JSON.stringify({
      id: `event_${id}`,
      event: type,
      data: { id: 'directory_user_example', first_name: 'Zoë', state: 'active' },
      created_at: now.toISOString(),
    }),
});
