import type { ApiAnswer, ApiRequest, FakeApi } from '../fake-api.ts';
import { jsonBody, UNAUTHORIZED } from '../fake-api.ts';
import type { TokenEndpoint } from '../token-endpoint.ts';
import { bundleOf } from './notify.ts';
import { FakeFhirSubscription } from './subscription.ts';

/** A stand-in for a FHIR server with topic-based Subscriptions. */
export interface FakeFhir {
  readonly api: FakeApi;
  /** A Subscription; it comes to be when it is first named. */
  subscription(id: string): FakeFhirSubscription;
  /** Those that are gone: asked for, they are not found. */
  readonly deleted: Set<string>;
  /** Called when a Subscription was turned on again; a test, or the stand-in's own server, sends a handshake. */
  onReactivated: (subscription: FakeFhirSubscription) => void;
}

const PATH = /^\/fhir\/Subscription\/([^/]+)(?:\/(\$status|\$events))?$/;

const outcome = (status: number, code: string): ApiAnswer => ({
  status,
  body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics: 'not for a log' }] },
});

/** `$status`, `$events`, and a Subscription that is read and turned on again: as docs/providers/fhir.md says. */
export function fakeFhir(tokens: Pick<TokenEndpoint, 'isAuthorized'>): FakeFhir {
  const subscriptions = new Map<string, FakeFhirSubscription>();
  const fake: FakeFhir = {
    deleted: new Set(),
    onReactivated: () => undefined,
    subscription(id) {
      const known = subscriptions.get(id) ?? new FakeFhirSubscription(id);
      subscriptions.set(id, known);
      return known;
    },
    api(request) {
      const [, id, operation] = PATH.exec(request.url.pathname) ?? [];
      if (id === undefined) return undefined;
      if (!tokens.isAuthorized(request)) return UNAUTHORIZED;
      if (fake.deleted.has(id)) return outcome(404, 'not-found');
      const subscription = fake.subscription(id);
      if (operation === undefined) return resource(subscription, request, fake);
      if (request.method !== 'GET') return outcome(405, 'not-supported');
      return operation === '$status' ? status(subscription) : events(subscription, request.url.searchParams);
    },
  };
  return fake;
}

function status(subscription: FakeFhirSubscription): ApiAnswer {
  const { id, settings, events: all } = subscription;
  if (!settings.hasStatus) return outcome(404, 'not-supported');
  const asked = { type: 'query-status', subscription: id, status: settings.status, count: all.length, events: [] };
  return { status: 200, body: { ...bundleOf({ ...asked, format: settings.format }), type: 'searchset' } };
}

function events(subscription: FakeFhirSubscription, query: URLSearchParams): ApiAnswer {
  if (!subscription.settings.hasEvents) return outcome(501, 'not-supported');
  const from = Number(query.get('eventsSinceNumber') ?? 1);
  const to = Number(query.get('eventsUntilNumber') ?? Infinity);
  return { status: 200, body: subscription.notification('query-event', subscription.history(from, to)) };
}

function resource(subscription: FakeFhirSubscription, request: ApiRequest, fake: FakeFhir): ApiAnswer {
  const { id, settings, version } = subscription;
  const current = `W/"${version}"`;
  if (request.method === 'GET') {
    const meta = { versionId: String(version) };
    return {
      status: 200,
      headers: { etag: current },
      body: { resourceType: 'Subscription', id, meta, status: settings.status },
    };
  }
  if (request.method !== 'PUT' && request.method !== 'PATCH') return outcome(405, 'not-supported');
  if ((request.headers['if-match'] ?? current) !== current) return outcome(412, 'conflict');
  const wanted =
    request.method === 'PUT'
      ? jsonBody(request).status
      : /"path":"\/status","value":"(\w+)"/.exec(request.body.toString())?.[1];
  if (wanted !== 'requested') return outcome(400, 'invalid');
  subscription.version++;
  subscription.settings = { ...settings, status: 'active' };
  fake.onReactivated(subscription);
  return { status: 200, body: { resourceType: 'Subscription', id, status: 'active' } };
}
