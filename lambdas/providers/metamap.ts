import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * MetaMap, formerly Mati, by its page "Configure your webhook URL": `x-signature`, the HMAC-SHA-256 of the body, in hex. Its
 * sample serialises the parsed body again; the bytes that came are what is verified here.
 */
export const metamap = defineProvider({
  name: 'metamap',
  title: 'MetaMap',
  field: 'identity',
  documents: { source: 'https://docs.metamap.com/docs/configure-your-webhook-url', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'none',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json, body }) => ({
    key: keyOfBody(sha256(body)),
    type: readText(json.eventName),
    time: parseIsoTime(json.timestamp),
  }),

  sample: ({ id, now, type = 'verification_completed' }) =>
    JSON.stringify({
      metadata: { user: 'José', id },
      resource: 'https://api.getmati.com/v2/verifications/5d9fb1f5bfbfac001a349bfb',
      eventName: type,
      flowId: '5d9fb1f5bfbfac001a349bfa',
      timestamp: now.toISOString(),
    }),
});
