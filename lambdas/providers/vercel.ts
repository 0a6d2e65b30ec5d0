import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUnixMilliseconds } from '../core/schemes/time.ts';

/**
 * Vercel: `x-vercel-signature`, the HMAC-SHA-1 of the raw body, in hex.
 */
export const vercel = defineProvider({
  name: 'vercel',
  title: 'Vercel',
  documents: { source: 'https://vercel.com/docs/webhooks/webhooks-api', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha1',
    key: 'utf8',
    signature: { header: 'x-vercel-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json }) => ({
    key: readId(json.id),
    type: readText(json.type),
    time: readUnixMilliseconds(json.createdAt),
  }),

  sample: ({ id, now, type = 'deployment.succeeded' }) =>
    JSON.stringify({
      id,
      type,
      createdAt: now.getTime(),
      region: 'fra1',
      payload: { name: 'naïve', url: 'example.vercel.app' },
    }),
});
