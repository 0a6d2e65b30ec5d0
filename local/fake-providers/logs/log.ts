import type { ApiAnswer, ApiRequest, FakeApi } from '../fake-api.ts';
import { UNAUTHORIZED } from '../fake-api.ts';

/** A delivery as a provider's log has it. */
export interface FakeDelivery {
  /** The event's own id, as the delivery has it. */
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  /** The exact body. */
  readonly body: string;
  /** Whether the gateway took it. */
  delivered: boolean;
}

/** A stand-in for a provider that logs its events or deliveries. */
export interface FakeLog {
  readonly api: FakeApi;
  /** The oldest first; a test may add to it at any place. */
  readonly deliveries: FakeDelivery[];
  /** Called with what is asked for again; a test has it delivered. */
  onResend: (delivery: FakeDelivery) => void;
  /** Entries of a page at most; default: as many as the provider gives. */
  pageSize: number;
}

/** One route of a stand-in: what it answers, given the parts of the path that the pattern names. */
export interface Route {
  readonly route: RegExp;
  readonly answer: (request: ApiRequest, log: FakeLog, ...parts: readonly string[]) => ApiAnswer;
}

/**
 * Makes a stand-in of routes. A route is matched by method and path, below the provider's prefix; a request is answered only if it
 * carries what the provider knows its callers by.
 */
export function fakeLog(
  prefix: string,
  isAuthorized: (request: ApiRequest) => boolean,
  routes: readonly Route[],
): FakeLog {
  const log: FakeLog = {
    deliveries: [],
    onResend: () => undefined,
    pageSize: Infinity,
    api(request) {
      const path = `/${prefix}/`;
      if (!request.url.pathname.startsWith(path)) return undefined;
      const called = `${request.method} ${request.url.pathname.slice(path.length)}`;
      for (const { route, answer } of routes) {
        const match = route.exec(called);
        if (match) return isAuthorized(request) ? answer(request, log, ...match.slice(1)) : UNAUTHORIZED;
      }
      return undefined;
    },
  };
  return log;
}

/** The deliveries from the newest to the oldest, from a time on. */
export const newestFirst = ({ deliveries }: FakeLog, since = -Infinity): FakeDelivery[] =>
  deliveries.filter(({ at }) => at.getTime() >= since).sort((a, b) => b.at.getTime() - a.at.getTime());

/** A page that begins behind the entry of that name; `next` is the name of its last entry, if more follow. */
export function pageAfter(
  all: readonly FakeDelivery[],
  after: string | null | undefined,
  size: number,
): { readonly page: readonly FakeDelivery[]; readonly next: string | undefined } | undefined {
  const start = after == null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after != null && start === 0) return undefined;
  const page = all.slice(start, start + size);
  return { page, next: start + size < all.length ? page.at(-1)?.id : undefined };
}
