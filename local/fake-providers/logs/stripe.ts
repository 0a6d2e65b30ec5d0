import { LOCAL_TOKEN } from '../nvsep.ts';
import { bearerOf } from '../token-endpoint.ts';
import { fakeLog, newestFirst, pageAfter } from './log.ts';
import type { FakeLog } from './log.ts';

/** Stripe's list of events, as its reference says: the newest first, `starting_after` an id, `has_more`. */
export const fakeStripe = (): FakeLog =>
  fakeLog('stripe', ({ headers }) => bearerOf(headers.authorization) === LOCAL_TOKEN, [
    {
      route: /^GET v1\/events$/,
      answer({ url: { searchParams: query } }, log) {
        const since = Number(query.get('created[gte]') ?? 0) * 1000;
        const undelivered = query.get('delivery_success') === 'false';
        const all = newestFirst(log, since).filter(({ delivered }) => !undelivered || !delivered);
        const found = pageAfter(
          all,
          query.get('starting_after'),
          Math.min(Number(query.get('limit') ?? 10), log.pageSize),
        );
        if (!found) return { status: 400, body: { error: { code: 'resource_missing', param: 'starting_after' } } };
        const events = found.page.map(({ body }) => body).join(',');
        // Each event exactly as it was delivered.
        return {
          status: 200,
          body: `{"object":"list","data":[${events}],"has_more":${found.next !== undefined},"url":"/v1/events"}`,
        };
      },
    },
  ]);
