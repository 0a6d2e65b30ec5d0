import type { Options } from '../../core/envelope.ts';
import { defineProvider } from '../../core/provider.ts';
import type { Scheme } from '../../core/schemes/scheme.ts';
import { token } from '../../core/schemes/token.ts';
import { acknowledge } from './answer.ts';
import { noteOf } from './note.ts';
import { clientAssertion } from '../../core/http/client-assertion.ts';
import { FHIR_OPTIONS } from './options.ts';
import { fhirMissedEvents } from './missed-events.ts';
import { DIALECTS, readEventsBy } from './read-events.ts';
import { sampleNotification } from './sample.ts';

/**
 * FHIR topic-based Subscriptions over rest-hook: R4 with "Subscriptions R5 Backport" (1.1.0), R4B and R5, told apart by the
 * notification. The standard has no signature: a delivery proves who called by a header that the Subscription states.
 */
export const fhir = defineProvider({
  name: 'fhir',
  title: 'FHIR Subscriptions',
  field: 'health',
  documents: { source: 'https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: schemeFor,
  secret: { madeBy: 'customer' },
  identity: 'body',
  batches: true,
  rejectionStatus: 401,
  // Each server has its own, and some have none: what is lost is asked for by its number.
  retryHorizonSeconds: 0,
  // A Subscription whose notifications fail goes to the status "error", and stays there.
  cutsOffAfterFailures: true,
  options: FHIR_OPTIONS,
  api: { credentials: 'client', settings: ['baseUrl', 'tokenUrl'], clientAssertion },
  missedEvents: fhirMissedEvents,

  readEvents: (received) => readEventsBy(dialectOf(received.options), received),
  noteOf,
  signOfLifeSeconds: ({ heartbeatSeconds }) => (typeof heartbeatSeconds === 'number' ? heartbeatSeconds : undefined),
  acknowledge,
  sample: sampleNotification,
});

/** The Subscription states the header, and whatever its value is: `Bearer …` by custom. */
function schemeFor({ header = 'authorization', scheme = 'bearer' }: Options): Scheme {
  const isScheme = String(header).toLowerCase() === 'authorization' && scheme !== 'none';
  if (isScheme) return token({ in: scheme === 'basic' ? 'basic' : 'bearer' });
  return token({ in: { header: String(header) } });
}

/** The configuration has checked the value. */
const dialectOf = ({ dialect }: Options) => DIALECTS.find((known) => known === dialect) ?? 'standard';
