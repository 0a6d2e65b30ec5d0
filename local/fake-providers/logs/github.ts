import { LOCAL_TOKEN } from '../nvsep.ts';
import { bearerOf } from '../token-endpoint.ts';
import { fakeLog, newestFirst, pageAfter } from './log.ts';
import type { FakeDelivery, FakeLog } from './log.ts';

export const LOCAL_HOOK = { owner: 'repos/octo/example', hookId: '1' } as const;

/** GitHub keeps its log for three days. */
const KEPT_MS = 3 * 86_400_000;

/** Ids have more digits than a number of JavaScript holds. */
const idOf = ({ deliveries }: FakeLog, delivery: FakeDelivery): string =>
  String(155_396_430_434_959_361n + BigInt(deliveries.indexOf(delivery)));

/** GitHub's log of a webhook's deliveries, as its reference says: the newest first, pages by `Link`, the payload by id. */
export const fakeGithub = (clock: () => number = () => Date.now()): FakeLog =>
  fakeLog('github', ({ headers }) => bearerOf(headers.authorization) === LOCAL_TOKEN, [
    {
      route: /^GET repos\/octo\/example\/hooks\/1\/deliveries$/,
      answer({ url }, log) {
        const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), log.pageSize);
        const found = pageAfter(newestFirst(log, clock() - KEPT_MS), url.searchParams.get('cursor'), size);
        if (!found) return { status: 422, body: { message: 'Invalid cursor' } };
        const following = new URL(url);
        following.searchParams.set('cursor', found.next ?? '');
        const link: Record<string, string> =
          found.next === undefined ? {} : { link: `<${following.pathname}${following.search}>; rel="next"` };
        const entries = found.page.map((delivery) => {
          const rest = {
            ...{ guid: delivery.id, delivered_at: delivery.at.toISOString() },
            ...{ redelivery: false, duration: 0.03, event: delivery.type, action: null },
            ...(delivery.delivered
              ? { status: 'OK', status_code: 200 }
              : { status: 'failed to connect to host', status_code: 502 }),
          };
          return `{"id":${idOf(log, delivery)},${JSON.stringify(rest).slice(1)}`;
        });
        return { status: 200, headers: link, body: `[${entries.join(',')}]` };
      },
    },
    {
      route: /^GET repos\/octo\/example\/hooks\/1\/deliveries\/(\d+)$/,
      answer(_request, log, id) {
        const delivery = log.deliveries.find((each) => idOf(log, each) === id);
        if (!delivery) return { status: 404, body: { message: 'Not Found' } };
        return {
          status: 200,
          body: `{"id":${id},"guid":"${delivery.id}","request":{"headers":{},"payload":${delivery.body}}}`,
        };
      },
    },
  ]);
