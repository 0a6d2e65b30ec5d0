import { LOCAL_TOKEN } from '../nvsep.ts';
import { bearerOf } from '../token-endpoint.ts';
import { fakeLog, newestFirst, pageAfter } from './log.ts';
import type { FakeLog } from './log.ts';

export const LOCAL_SETTING = { notificationSettingId: 'ntfset_local' } as const;

/** Paddle's log of notifications, as its reference says: by destination and status, with the payload that was delivered. */
export const fakePaddle = (): FakeLog =>
  fakeLog('paddle', ({ headers }) => bearerOf(headers.authorization) === LOCAL_TOKEN, [
    {
      route: /^GET notifications$/,
      answer({ url: { searchParams: query } }, log) {
        if (query.get('notification_setting_id') !== LOCAL_SETTING.notificationSettingId)
          return { status: 404, body: {} };
        const statuses = query.get('status')?.split(',') ?? [];
        const all = newestFirst(log, Date.parse(query.get('from') ?? '')).filter(({ delivered }) =>
          statuses.includes(delivered ? 'delivered' : 'failed'),
        );
        const size = Math.min(Number(query.get('per_page') ?? 50), log.pageSize);
        const found = pageAfter(all, query.get('after')?.slice('ntf_'.length), size);
        if (!found) return { status: 400, body: { error: { code: 'bad_request' } } };
        const data = found.page.map(
          ({ id, at, body }) =>
            `{"id":"ntf_${id}","status":"failed","occurred_at":"${at.toISOString()}","payload":${body}}`,
        );
        const pagination = JSON.stringify({ per_page: size, has_more: found.next !== undefined });
        return { status: 200, body: `{"data":[${data.join(',')}],"meta":{"pagination":${pagination}}}` };
      },
    },
  ]);
