import { EACH, eachOf } from '../core/batch.ts';
import { keyOfBody } from '../core/event-key.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { joinedType, splitType } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readUtcTime } from '../core/schemes/time.ts';

/**
 * Xero: `x-xero-signature`, base64 of the HMAC-SHA-256 of the raw body. Before the first event it sends empty lists with right
 * and wrong signatures, and wants 200 and 401, both without a body.
 */
export const xero = defineProvider({
  name: 'xero',
  title: 'Xero',
  field: 'payments',
  documents: {
    source: 'https://developer.xero.com/documentation/webhooks/configuring-your-server',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-xero-signature', encoding: 'base64' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'none',
  batches: true,
  rejectionStatus: 401,
  // "There is no body in the response", and no cookie.
  emptyAnswers: true,
  // With decreasing frequency; then the webhook is disabled.
  retryHorizonSeconds: 86_400,
  acknowledgeWithinMs: 5_000,
  cutsOffAfterFailures: true,
  options: {},

  // An empty list is the question whether signatures are checked.
  readEvents: eachOf(['events', EACH], (event, _received, _pointer, text) => ({
    key: keyOfBody(sha256(text)),
    type: joinedType(event.eventCategory, event.eventType),
    // Without a zone: its name says which.
    time: readUtcTime(event.eventDateUtc),
  })),

  sample({ id, now, type = 'CONTACT.UPDATE' }) {
    const [category, action] = splitType(type);
    const event = {
      resourceUrl: `https://api.xero.com/api.xro/2.0/Contacts/${id}`,
      resourceId: id,
      eventDateUtc: now.toISOString().replace('Z', ''),
      eventType: action,
      eventCategory: category,
      tenantId: 'c2cc9b6e-9458-4c7d-93cc-f02b81b0594f',
      tenantType: 'ORGANISATION',
    };
    return JSON.stringify({ events: [event], firstEventSequence: 1, lastEventSequence: 1, entropy: 'naïve' });
  },
});
