import { defineProvider } from '../../core/provider.ts';
import { joinedType, readId, splitType } from '../../core/schemes/fields.ts';
import type { Envelope } from '../../core/envelope.ts';
import type { Received } from '../../core/received.ts';
import { publicKey } from '../../core/schemes/public-key.ts';
import { elationApi, elationApiOptions, elationEvents } from './missed-events.ts';

/**
 * Elation Health, by its page "Webhooks": `El8-Ed25519-Signature`, the base64 of an Ed25519 signature of the raw body. The secret is
 * the `signing_pub_key` that the Subscriptions API returns, in base64: one per subscription, so that a source is one subscription.
 */
export const elation = defineProvider({
  name: 'elation',
  title: 'Elation Health',
  field: 'health',
  documents: { source: 'https://docs.elationhealth.com/reference/webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: publicKey({
    algorithm: 'ed25519',
    key: 'base64',
    signature: { header: 'el8-ed25519-signature', encoding: 'base64' },
    signed: ['body'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  // Until the answer is exactly 200, for up to three days.
  retryHorizonSeconds: 3 * 86_400,
  options: elationApiOptions,
  api: elationApi,
  missedEvents: elationEvents(readEvents),

  readEvents,

  sample({ id, now, type = 'patients.saved' }) {
    const [resource, action] = splitType(type);
    return JSON.stringify({
      data: { id: 140_754_680_086_529, first_name: 'José', last_name: 'Example', last_modified: now.toISOString() },
      action,
      event_id: id,
      application_id: 'an-application',
      resource,
    });
  },
});

/** An entry of its list calls `event_type` what a delivery calls `action`. */
function readEvents({ json }: Received): Envelope {
  return { key: readId(json.event_id), type: joinedType(json.resource, json.action ?? json.event_type) };
}
