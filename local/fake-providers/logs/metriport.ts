import { LOCAL_TOKEN } from '../nvsep.ts';
import { fakeLog, newestFirst, pageAfter } from './log.ts';
import type { FakeLog } from './log.ts';

/** Metriport's log of webhook requests, as its pages say: all of them, the newest first, and a request sent again by its id. */
export const fakeMetriport = (): FakeLog =>
  fakeLog('metriport', ({ headers }) => headers['x-api-key'] === LOCAL_TOKEN, [
    {
      route: /^GET settings\/webhook\/request$/,
      answer({ url }, log) {
        const query = url.searchParams;
        if (query.get('sort') !== 'createdAt=desc') return { status: 400, body: { detail: 'sort' } };
        const size = Math.min(Number(query.get('count') ?? 50), log.pageSize);
        const found = pageAfter(newestFirst(log), query.get('fromItem'), size);
        if (!found) return { status: 400, body: { detail: 'fromItem' } };
        const following = new URL(url);
        following.searchParams.set('fromItem', found.next ?? '');
        const requests = found.page.map(({ id, type, at, delivered }) => ({
          ...{ id, type, createdAt: at.toISOString(), status: delivered ? 'success' : 'failure' },
        }));
        const meta = { itemsOnPage: size, ...(found.next !== undefined && { nextPage: following.href }) };
        return { status: 200, body: { meta, requests } };
      },
    },
    {
      route: /^POST settings\/webhook\/request\/([\w.-]+)\/retry$/,
      answer(_request, log, id) {
        const delivery = log.deliveries.find((each) => each.id === id);
        if (!delivery) return { status: 404, body: {} };
        log.onResend(delivery);
        return { status: 200, body: {} };
      },
    },
  ]);
