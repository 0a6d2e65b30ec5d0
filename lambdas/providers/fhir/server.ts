import { isTooDeep } from '../../core/json.ts';
import type { ApiCall } from '../../core/missed-event.ts';
import type { NumberedEvent, NumberingServer, ServerFault, ServerStatus } from '../../core/poll/numbered/server.ts';
import { receivedBody } from '../../core/received.ts';
import type { Result } from '../../core/result.ts';
import { ok, refuse } from '../../core/result.ts';
import { call, FHIR_JSON, readResourceIn, subscriptionPath } from './calls.ts';
import { readStatuses } from './notification.ts';
import { reactivateBy } from './reactivate.ts';
import { readEventsBy, standardKey } from './read-events.ts';

/** A server as the standard has it: `$status` and `$events` of a Subscription. */
export function fhirServer(api: ApiCall): NumberingServer {
  const { options } = api;
  const how = options.reactivate === 'put' || options.reactivate === 'patch' ? options.reactivate : undefined;
  return {
    keyOf: (subscription, number) => standardKey(subscription, String(number), options),
    status: (subscription) => askStatus(subscription, api),
    events: (subscription, from, to) => askEvents(subscription, [from, to], api),
    ...(how && { reactivate: (subscription: string) => reactivateBy(how, subscription, api) }),
  };
}

async function askStatus(subscription: string, api: ApiCall): Promise<Result<ServerStatus, ServerFault>> {
  const answer = await call(api, 'GET', subscriptionPath(subscription, '/$status'));
  const resource = readResourceIn(answer);
  if (!resource.ok) return resource.reason === 'not_supported' ? goneOr(subscription, api) : resource;
  const statuses = readStatuses(resource.value);
  const own = statuses.find((status) => status.subscription === subscription);
  // An answer about one Subscription need not name it.
  const found = own ?? (statuses.length === 1 && statuses[0]?.subscription === undefined ? statuses[0] : undefined);
  if (!found || found.isAmbiguous) return refuse('not_a_status');
  return ok({ count: found.count === undefined ? undefined : BigInt(found.count), status: found.status });
}

/** A server without `$status` is told from a Subscription that is not there any more: both are 404. */
async function goneOr(subscription: string, api: ApiCall): Promise<Result<never, ServerFault>> {
  const { status } = await call(api, 'GET', subscriptionPath(subscription));
  return refuse(status === 404 || status === 410 ? 'gone' : 'not_supported');
}

async function askEvents(
  subscription: string,
  [from, to]: readonly [bigint, bigint],
  api: ApiCall,
): Promise<Result<readonly NumberedEvent[], ServerFault>> {
  const { options, now } = api;
  const query = {
    ...{ eventsSinceNumber: String(from), eventsUntilNumber: String(to) },
    content: String(options.content ?? 'id-only'),
  };
  const answer = await call(api, 'GET', subscriptionPath(subscription, '/$events'), { query });
  const bundle = readResourceIn(answer);
  if (!bundle.ok) return bundle;
  if (bundle.value.resourceType !== 'Bundle') return refuse('not_a_bundle');
  if (isTooDeep(bundle.value)) return refuse('too_deep');
  // An answer without events has a status and no event, which is not one that a delivery could be.
  const body = Buffer.from(answer.body);
  const envelopes = readEventsBy('standard', receivedBody(body, { now, options }));
  return ok(
    envelopes.flatMap((envelope): NumberedEvent[] =>
      typeof envelope.key === 'string'
        ? [{ key: envelope.key, event: { body, envelope, contentType: FHIR_JSON } }]
        : [],
    ),
  );
}
