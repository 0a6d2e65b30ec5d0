import { randomUUID } from 'node:crypto';
import type { ApiAnswer, ApiRequest, FakeApi } from './fake-api.ts';
import { jsonBody, UNAUTHORIZED } from './fake-api.ts';
import type { TokenEndpoint } from './token-endpoint.ts';

export const LOCAL_TENANT = 'local-tenant';

/** A subscription's missed events and its circuit. */
export interface MissedBySubscription {
  /** Entries that are listed, by id, the oldest first; an entry without an id has a name of its own. */
  readonly listed: Map<string, unknown>;
  /** Ids in the order in which they were acknowledged. */
  readonly acknowledged: string[];
  isOpen: boolean;
  /** How often it was reopened. */
  reopened: number;
}

export interface FakeMissedEvents {
  readonly api: FakeApi;
  /** A subscription; it comes to be when it is first named. */
  subscription(id: string): MissedBySubscription;
  /** Lists an event as missed: its exact text. Returns the entry's id. */
  miss(subscriptionId: string, eventPayload: string): string;
  /** Lists an entry as it is, well formed or not. */
  missRaw(subscriptionId: string, entry: unknown): void;
  /** Entries of a page; pages are counted from the start of what is listed now. Default: all in one. */
  pageSize: number;
}

const PATH =
  /^\/optum\/api\/event-api\/v1\/subscriptions\/([^/]+)(?:\/(missed-events|missed-events\/acknowledge|reopen))?$/;

/** Optum's Missed Events API as docs/providers/optum.md says and assumes it. */
export function fakeMissedEvents(tokens: Pick<TokenEndpoint, 'isAuthorized'>): FakeMissedEvents {
  const subscriptions = new Map<string, MissedBySubscription>();

  const subscription = (id: string): MissedBySubscription => {
    const known = subscriptions.get(id) ?? { listed: new Map(), acknowledged: [], isOpen: false, reopened: 0 };
    subscriptions.set(id, known);
    return known;
  };

  const list = ({ listed }: MissedBySubscription, url: URL): ApiAnswer => {
    const page = Number(url.searchParams.get('page') ?? 0);
    const [start, end] = [page * fake.pageSize, (page + 1) * fake.pageSize];
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    const link: Record<string, string> =
      end < listed.size ? { link: `<${next.pathname}${next.search}>; rel="next"` } : {};
    return { status: 200, headers: link, body: [...listed.values()].slice(start, end) };
  };

  const acknowledge = (of: MissedBySubscription, request: ApiRequest): ApiAnswer => {
    const { ids } = jsonBody(request);
    if (!Array.isArray(ids)) return { status: 400, body: { error: 'ids_missing' } };
    for (const id of ids.map(String)) if (of.listed.delete(id)) of.acknowledged.push(id);
    return { status: 200, body: {} };
  };

  const reopen = (of: MissedBySubscription): ApiAnswer => {
    of.isOpen = false;
    of.reopened++;
    return { status: 200, body: {} };
  };

  const fake: FakeMissedEvents = {
    pageSize: Infinity,
    subscription,
    miss(subscriptionId, eventPayload) {
      const id = randomUUID();
      const entry = { id, eventName: 'missed', subscriptionId, eventPayload, failurePayload: '{"status":503}' };
      subscription(subscriptionId).listed.set(id, entry);
      return id;
    },
    missRaw(subscriptionId, entry) {
      const { id } = (entry ?? {}) as { readonly id?: unknown };
      const name = typeof id === 'string' || typeof id === 'number' ? String(id) : randomUUID();
      subscription(subscriptionId).listed.set(name, entry);
    },
    api(request) {
      const [, id, action] = PATH.exec(request.url.pathname) ?? [];
      const route = `${request.method} ${action ?? ''}`.trim();
      if (
        id === undefined ||
        !['GET', 'GET missed-events', 'POST missed-events/acknowledge', 'POST reopen'].includes(route)
      )
        return undefined;
      if (!tokens.isAuthorized(request)) return UNAUTHORIZED;
      if (request.headers['x-optum-tenant-id'] !== LOCAL_TENANT) return { status: 403, body: { error: 'tenant' } };
      const of = subscription(id);
      if (route === 'GET missed-events') return list(of, request.url);
      if (route === 'POST missed-events/acknowledge') return acknowledge(of, request);
      if (route === 'POST reopen') return reopen(of);
      return { status: 200, body: { id, circuitState: of.isOpen ? 'OPEN' : 'CLOSED' } };
    },
  };
  return fake;
}
