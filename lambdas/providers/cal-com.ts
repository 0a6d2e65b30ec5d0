import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Cal.com: `X-Cal-Signature-256`, the HMAC-SHA-256 of the raw body, in hex. A webhook can have a body of its own making.
 */
export const calCom = defineProvider({
  name: 'cal-com',
  title: 'Cal.com',
  documents: { source: 'https://cal.com/docs/developing/guides/automation/webhooks', confidence: 'unconfirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-cal-signature-256', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'none',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: ({ json, body }) => ({
    key: keyOfBody(sha256(body)),
    type: readText(json.triggerEvent),
    time: parseIsoTime(json.createdAt),
  }),

  sample: ({ id, now, type = 'BOOKING_CREATED' }) =>
    JSON.stringify({
      triggerEvent: type,
      createdAt: now.toISOString(),
      payload: { uid: id, title: 'Café with José', type: '30min' },
    }),
});
