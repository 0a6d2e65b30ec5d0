import { LOCAL_TOKEN } from '../nvsep.ts';
import { bearerOf } from '../token-endpoint.ts';
import { fakeLog, newestFirst } from './log.ts';
import type { FakeLog } from './log.ts';

/** Telnyx's log of webhook deliveries, as its reference says: numbered pages of those with a status. */
export const fakeTelnyx = (): FakeLog =>
  fakeLog('telnyx', ({ headers }) => bearerOf(headers.authorization) === LOCAL_TOKEN, [
    {
      route: /^GET v2\/webhook_deliveries$/,
      answer({ url: { searchParams: query } }, log) {
        const failed = query.get('filter[status][eq]') === 'failed';
        const since = Date.parse(query.get('filter[started_at][gte]') ?? '');
        const all = newestFirst(log, since).filter(({ delivered }) => !failed || !delivered);
        const size = Math.min(Number(query.get('page[size]') ?? 20), log.pageSize);
        const number = Number(query.get('page[number]') ?? 1);
        // The event alone is in the log, as the delivery has it in `data`.
        const data = all.slice((number - 1) * size, number * size).map(({ id, at, body }) => {
          const webhook = /^\{"data":(.*),"meta":/s.exec(body)?.[1] ?? body;
          return `{"id":"delivery-${id}","status":"failed","started_at":"${at.toISOString()}","webhook":${webhook}}`;
        });
        const meta = { page_number: number, total_pages: Math.ceil(all.length / size), total_results: all.length };
        return { status: 200, body: `{"data":[${data.join(',')}],"meta":${JSON.stringify(meta)}}` };
      },
    },
  ]);
