import { EACH, eachOf } from '../../core/batch.ts';
import type { Envelope } from '../../core/envelope.ts';
import type { JsonObject } from '../../core/json.ts';
import { defineProvider } from '../../core/provider.ts';
import { joinedType, readId, splitType } from '../../core/schemes/fields.ts';
import { hmac } from '../../core/schemes/hmac.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { gocardlessApi, gocardlessApiOptions, gocardlessEvents } from './missed-events.ts';

/**
 * GoCardless, by its SDK (10.1.2, `webhooks`): `Webhook-Signature`, the HMAC-SHA-256 of the raw body, in hex. One delivery carries
 * many events. A forged delivery is answered with 498, "Token Invalid", as its page asks.
 */
export const gocardless = defineProvider({
  name: 'gocardless',
  title: 'GoCardless',
  field: 'payments',
  documents: { source: 'gocardless-nodejs 10.1.2, webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'webhook-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  secret: { madeBy: 'customer' },
  identity: 'body',
  batches: true,
  rejectionStatus: 498,
  retryHorizonSeconds: 0,
  options: gocardlessApiOptions,
  api: gocardlessApi,
  missedEvents: gocardlessEvents(readEvent),

  readEvents: eachOf(['events', EACH], readEvent),

  sample({ id, now, type = 'payments.confirmed' }) {
    const [resource, action] = splitType(type);
    const details = { origin: 'gocardless', cause: 'payment_confirmed', description: 'naïve £' };
    const event = { id: `EV${id}`, created_at: now.toISOString(), resource_type: resource, action, details };
    return JSON.stringify({ events: [{ ...event, links: { payment: 'PM123' } }], meta: { webhook_id: 'WB123' } });
  },
});

function readEvent(event: JsonObject): Envelope {
  const type = joinedType(event.resource_type, event.action);
  return { key: readId(event.id), type, time: parseIsoTime(event.created_at) };
}
