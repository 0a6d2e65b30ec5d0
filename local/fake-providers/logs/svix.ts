import { LOCAL_TOKEN } from '../nvsep.ts';
import { bearerOf } from '../token-endpoint.ts';
import { fakeLog, newestFirst, pageAfter } from './log.ts';
import type { FakeLog } from './log.ts';

export const LOCAL_ENDPOINT = { appId: 'app_local', endpointId: 'ep_local' } as const;

/** Svix's log of an endpoint's attempts, as its reference says: the newest first, an `iterator`, and a message sent again by id. */
export const fakeSvix = (): FakeLog =>
  fakeLog('svix', ({ headers }) => bearerOf(headers.authorization) === LOCAL_TOKEN, [
    {
      route: /^GET api\/v1\/app\/app_local\/attempt\/endpoint\/ep_local$/,
      answer({ url: { searchParams: query } }, log) {
        const wanted = query.get('status');
        const all = newestFirst(log, Date.parse(query.get('after') ?? '')).filter(
          ({ delivered }) => wanted === null || (wanted === '2') === !delivered,
        );
        const found = pageAfter(all, query.get('iterator'), Math.min(Number(query.get('limit') ?? 50), log.pageSize));
        if (!found) return { status: 422, body: { detail: [{ msg: 'Invalid iterator' }] } };
        const data = found.page.map(({ id, at, delivered }) => ({
          ...{ id: `atmpt_${id}`, msgId: id, endpointId: LOCAL_ENDPOINT.endpointId, timestamp: at.toISOString() },
          ...(delivered ? { status: 0, responseStatusCode: 200 } : { status: 2, responseStatusCode: 503 }),
        }));
        return { status: 200, body: { data, iterator: found.next ?? null, done: found.next === undefined } };
      },
    },
    {
      route: /^POST api\/v1\/app\/app_local\/msg\/([\w.-]+)\/endpoint\/ep_local\/resend$/,
      answer(_request, log, id) {
        const delivery = log.deliveries.find((each) => each.id === id);
        if (!delivery) return { status: 404, body: { code: 'not_found' } };
        log.onResend(delivery);
        return { status: 202, body: {} };
      },
    },
  ]);
