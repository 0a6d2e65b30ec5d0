import type { Envelope } from '../core/envelope.ts';
import { derivedKey } from '../core/event-key.ts';
import { NO_FINGERPRINT } from '../core/fingerprint.ts';
import { defineProvider } from '../core/provider.ts';
import type { Received } from '../core/received.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { readResource } from './fhir/read-events.ts';
import { readTarget, targetName } from './fhir/values.ts';

/**
 * Medplum's Subscriptions with criteria, by its page "Subscriptions" and its server's workers/subscription.ts: the resource as the
 * body, and `X-Signature`, hex of the HMAC-SHA-256 of the body. The headers that say what happened are not signed.
 */
export const medplum = defineProvider({
  name: 'medplum',
  title: 'Medplum',
  field: 'health',
  documents: { source: 'https://www.medplum.com/docs/subscriptions', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-signature', encoding: 'hex' },
    signed: ['body'],
  }),
  // It is an extension of the Subscription that the customer writes.
  secret: { madeBy: 'customer' },
  identity: 'body',
  rejectionStatus: 401,
  // By default 4 tries in some two minutes; up to 18, which take two and a half days.
  retryHorizonSeconds: 2.5 * 86_400,
  options: {},

  readEvents: (received) => readDeletion(received) ?? readResource(received.json),

  sample: ({ id, now, type = 'Patient' }) =>
    JSON.stringify({
      ...{ resourceType: type, id: encodeURIComponent(id) },
      meta: { versionId: '0c4c9d0e-8f3d-4a8e-8b39-9b4f0e8f7a21', lastUpdated: now.toISOString() },
      name: [{ family: 'Núñez' }],
    }),
});

/**
 * A deletion has the body `{}`, and so one signature for all deletions: what was deleted is in a header that nothing proves. The key
 * says so by its kind, and the handler reads the resource before it believes it. The header counts beside no other body.
 */
function readDeletion(received: Received): Envelope | undefined {
  if (received.body.toString('latin1').trim() !== '{}') return undefined;
  if (received.header('x-medplum-interaction') !== 'delete') return undefined;
  const target = readTarget(received.header('x-medplum-deleted-resource'));
  if (!target) return undefined;
  return {
    key: derivedKey('unproved-deletion', targetName(target)),
    type: `${target.type}.deleted`,
    fingerprint: NO_FINGERPRINT,
  };
}
