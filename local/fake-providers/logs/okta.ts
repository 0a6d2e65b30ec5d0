import { LOCAL_TOKEN } from '../nvsep.ts';
import { fakeLog, newestFirst, pageAfter } from './log.ts';
import type { FakeLog } from './log.ts';

/** Okta's System Log, as its reference says: all that happened, pages by `Link`. */
export const fakeOkta = (): FakeLog =>
  fakeLog('okta', ({ headers }) => headers.authorization === `SSWS ${LOCAL_TOKEN}`, [
    {
      route: /^GET api\/v1\/logs$/,
      answer({ url }, log) {
        const query = url.searchParams;
        if (query.get('sortOrder') !== 'DESCENDING' || !query.has('filter')) return { status: 400, body: {} };
        const size = Math.min(Number(query.get('limit') ?? 100), log.pageSize);
        const found = pageAfter(newestFirst(log, Date.parse(query.get('since') ?? '')), query.get('after'), size);
        if (!found) return { status: 400, body: { errorCode: 'E0000001' } };
        const following = new URL(url);
        following.searchParams.set('after', found.next ?? '');
        const link: Record<string, string> =
          found.next === undefined ? {} : { link: `<${following.href}>; rel="next"` };
        // A delivery is a list, and the log has the events of the lists.
        const events = found.page.map(({ body }) => /"events":\[(.*)\]\}\}$/s.exec(body)?.[1] ?? body);
        return { status: 200, headers: link, body: `[${events.join(',')}]` };
      },
    },
  ]);
