import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { pairs } from '../core/schemes/pairs.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * PagerDuty's webhooks of version 3, by its page "Verifying Signatures": `X-PagerDuty-Signature: v1=<hex>,v1=<hex>`, the HMAC-SHA-256
 * of the raw body, one per secret of the subscription.
 */
export const pagerduty = defineProvider({
  name: 'pagerduty',
  title: 'PagerDuty',
  documents: { source: 'https://developer.pagerduty.com/docs/verifying-signatures', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-pagerduty-signature', encoding: 'hex', form: pairs({ signature: 'v1' }) },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  // Any 4xx but 429 is final, for a genuine delivery too: nothing but a bad signature may be answered so.
  rejectionStatus: 401,
  acknowledgeWithinMs: 5_000,
  retryHorizonSeconds: 48 * 3600,
  // Three events dropped in a row switch the subscription off for a day.
  cutsOffAfterFailures: true,
  options: {},

  readEvents({ json }) {
    const event = isObject(json.event) ? json.event : {};
    return { key: readId(event.id), type: readText(event.event_type), time: parseIsoTime(event.occurred_at) };
  },

  sample: ({ id, now, type = 'incident.triggered' }) =>
    JSON.stringify({
      event: {
        id,
        event_type: type,
        resource_type: 'incident',
        occurred_at: now.toISOString(),
        agent: null,
        client: { name: 'Monitoring Service' },
        data: {
          id: 'PGR0VU2',
          type: 'incident',
          number: 2,
          status: 'triggered',
          title: 'A little bump in the naïve road ☕',
        },
      },
    }),
});
