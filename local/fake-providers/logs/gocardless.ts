import { LOCAL_TOKEN } from '../nvsep.ts';
import { bearerOf } from '../token-endpoint.ts';
import { fakeLog, newestFirst, pageAfter } from './log.ts';
import type { FakeLog } from './log.ts';

/** GoCardless's list of events, as its reference says: all of them, the newest first, with cursors. */
export const fakeGocardless = (): FakeLog =>
  fakeLog('gocardless', ({ headers }) => bearerOf(headers.authorization) === LOCAL_TOKEN, [
    {
      route: /^GET events$/,
      answer({ url: { searchParams: query }, headers }, log) {
        if (headers['gocardless-version'] === undefined)
          return { status: 400, body: { error: 'missing_version_header' } };
        const all = newestFirst(log, Date.parse(query.get('created_at[gte]') ?? ''));
        const size = Math.min(Number(query.get('limit') ?? 50), log.pageSize);
        const found = pageAfter(all, query.get('after'), size);
        if (!found) return { status: 422, body: { error: { type: 'invalid_api_usage' } } };
        // A delivery is a list, and the log has the events of the lists.
        const events = found.page.map(({ body }) => /^\{"events":\[(.*)\],"meta":/s.exec(body)?.[1] ?? body).join(',');
        const after = JSON.stringify(found.next ?? null);
        return {
          status: 200,
          body: `{"events":[${events}],"meta":{"cursors":{"before":null,"after":${after}},"limit":${size}}}`,
        };
      },
    },
  ]);
