import type { ApiAnswer, ApiRequest, FakeApi } from './fake-api.ts';
import { jsonBody, UNAUTHORIZED } from './fake-api.ts';
import { LOCAL_TENANT } from './optum-missed-events.ts';
import type { TokenEndpoint } from './token-endpoint.ts';

/** A subscription as Optum keeps it. */
export interface FakeSubscription {
  url: string;
  eventNames: readonly string[];
  /** The secret that it signs with from now on. */
  key: string;
}

export interface FakeSubscriptions {
  readonly api: FakeApi;
  /** A subscription; it comes to be when it is first named. */
  subscription(id: string): FakeSubscription;
}

const PATH = /^\/optum\/v1\/event-api\/subscriptions\/([^/]+)$/;

/** Optum's subscription API, as docs/providers/optum.md says and assumes it. It tells no secret, and a `PUT` states it all. */
export function fakeSubscriptions(tokens: Pick<TokenEndpoint, 'isAuthorized'>): FakeSubscriptions {
  const subscriptions = new Map<string, FakeSubscription>();

  const subscription = (id: string): FakeSubscription => {
    const known = subscriptions.get(id) ?? { url: `https://example.com/${id}`, eventNames: ['payment'], key: '' };
    subscriptions.set(id, known);
    return known;
  };

  return {
    subscription,
    api(request) {
      const [, id] = PATH.exec(request.url.pathname) ?? [];
      if (id === undefined || !['GET', 'PUT'].includes(request.method)) return undefined;
      if (!tokens.isAuthorized(request)) return UNAUTHORIZED;
      if (request.headers['x-optum-tenant-id'] !== LOCAL_TENANT) return { status: 403, body: { error: 'tenant' } };
      const of = subscription(id);
      return request.method === 'PUT'
        ? update(of, request)
        : { status: 200, body: { id, url: of.url, eventNames: of.eventNames } };
    },
  };
}

function update(of: FakeSubscription, request: ApiRequest): ApiAnswer {
  const { url, eventNames, auth } = jsonBody(request);
  const key = (auth as { readonly apiKey?: { readonly key?: unknown } } | undefined)?.apiKey?.key;
  const isWhole = typeof url === 'string' && Array.isArray(eventNames) && typeof key === 'string' && key !== '';
  if (!isWhole) return { status: 400, body: { error: 'url, eventNames and auth.apiKey.key are required' } };
  Object.assign(of, { url, eventNames, key });
  return { status: 200, body: { url, eventNames } };
}
