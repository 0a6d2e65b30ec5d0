import { writeJson } from '../../lambdas/core/json.ts';
import { z } from 'zod';
import type { ApiAnswer, ApiRequest, FakeApi } from './fake-api.ts';
import { controlFhir, FhirControl } from './fhir/control.ts';
import type { FakeFhir } from './fhir/server.ts';
import type { FakeLog } from './logs/log.ts';
import { Misbehaviour } from './misbehaviour.ts';
import type { Misbehaviours } from './misbehaviour.ts';
import type { FakeExclusions } from './nvsep.ts';
import type { FakeMissedEvents } from './optum-missed-events.ts';

interface Controlled {
  readonly optum: FakeMissedEvents;
  readonly nvsep: FakeExclusions;
  readonly fhir: FakeFhir;
  readonly logs: Readonly<Record<string, FakeLog>>;
  readonly misbehaviours: Misbehaviours;
}

const PREFIX = '/_control/';
const Entries = z.array(z.unknown());
/** Deliveries that failed. */
const Failed = z.array(
  z.strictObject({
    ...{ id: z.string(), type: z.string(), body: z.string() },
    at: z.iso.datetime().default(() => new Date().toISOString()),
  }),
);

/**
 * How a person at the desk fills the stand-ins when they run with the local gateway:
 *
 * - `POST /_control/optum/<subscription>`: an array of events, each an object, or the text of one
 * - `POST /_control/nvsep`: an array of exclusions
 * - `POST /_control/fhir/<subscription>`: an array of as many events as happen, or what {@link FhirControl} says
 * - `POST /_control/<provider with a log>`: an array of deliveries that failed, `{id, type, body, at?}`
 * - `POST /_control/misbehave`: a {@link Misbehaviour}
 * - `GET /_control/optum/<subscription>`, `GET /_control/nvsep`: the listed entries
 * - `GET /_control/fhir/<subscription>`: the events that happened
 *
 * A request that changes anything must be JSON, which a web page cannot send across origins unasked.
 */
export function controlApi({ optum, nvsep, fhir, logs, misbehaviours }: Controlled): FakeApi {
  return (request) => {
    const { url, method } = request;
    if (!url.pathname.startsWith(PREFIX)) return undefined;
    const [what, of = ''] = url.pathname.slice(PREFIX.length).split('/');
    if (what === 'optum' && method === 'GET') return { status: 200, body: [...optum.subscription(of).listed.values()] };
    if (what === 'nvsep' && method === 'GET') return { status: 200, body: nvsep.entries };
    if (what === 'fhir' && method === 'GET') return { status: 200, body: fhir.subscription(of).events };
    const log = logs[what ?? ''];
    if (log && method === 'GET') return { status: 200, body: log.deliveries };
    if (method !== 'POST') return undefined;
    if (log)
      return take(request, Failed, (failed) => {
        for (const entry of failed) log.deliveries.push({ ...entry, at: new Date(entry.at), delivered: false });
      });
    if (what === 'optum')
      return take(request, Entries, (events) => {
        for (const event of events) optum.miss(of, typeof event === 'string' ? event : writeJson(event));
      });
    if (what === 'nvsep') return take(request, Entries, (entries) => void nvsep.entries.push(...entries));
    if (what === 'fhir') return take(request, FhirControl, (wanted) => controlFhir(fhir, of, wanted));
    if (what === 'misbehave') return take(request, Misbehaviour, (rule) => misbehaviours.add(rule));
    return undefined;
  };
}

function take<Schema extends z.ZodType>(
  { headers, body }: ApiRequest,
  schema: Schema,
  act: (value: z.output<Schema>) => void,
): ApiAnswer {
  const [type] = headers['content-type']?.split(';') ?? [];
  if (type?.trim() !== 'application/json') return { status: 415, body: { error: 'send it as application/json' } };
  const parsed = schema.safeParse(parse(body));
  if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } };
  act(parsed.data);
  return { status: 200, body: { ok: true } };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
