import { LOCAL_CLIENT } from '../token-endpoint.ts';
import { fakeLog, newestFirst, pageAfter } from './log.ts';
import type { FakeLog } from './log.ts';

export const LOCAL_WEBHOOK = 'https://hooks.example.com/webhooks/twilio';

const KNOWN = `Basic ${Buffer.from(`${LOCAL_CLIENT.clientId}:${LOCAL_CLIENT.clientSecret}`).toString('base64')}`;

/** Twilio's alerts, as its page says: of what failed, also of other webhooks; the request's fields by the alert's own URL. */
export const fakeTwilio = (): FakeLog =>
  fakeLog('twilio', ({ headers }) => headers.authorization === KNOWN, [
    {
      route: /^GET v1\/Alerts$/,
      answer({ url }, log) {
        const query = url.searchParams;
        const all = newestFirst(log, Date.parse(query.get('StartDate') ?? '')).filter(({ delivered }) => !delivered);
        const found = pageAfter(
          all,
          query.get('PageToken'),
          Math.min(Number(query.get('PageSize') ?? 50), log.pageSize),
        );
        if (!found) return { status: 400, body: { code: 20001 } };
        const following = new URL(url);
        following.searchParams.set('PageToken', found.next ?? '');
        const alerts = found.page.flatMap(({ at }) => {
          const alert = { error_code: '11200', log_level: 'error', date_generated: at.toISOString() };
          const index = log.deliveries.findIndex((each) => each.at === at);
          return [
            { sid: `NO${index}`, request_url: LOCAL_WEBHOOK, ...alert },
            { sid: `NOother${index}`, request_url: 'https://other.example.com/', ...alert },
          ];
        });
        return {
          status: 200,
          body: { alerts, meta: { next_page_url: found.next === undefined ? null : following.href } },
        };
      },
    },
    {
      route: /^GET v1\/Alerts\/NO(\d+)$/,
      answer(_request, log, index) {
        const delivery = log.deliveries[Number(index)];
        if (!delivery) return { status: 404, body: { code: 20404 } };
        return {
          status: 200,
          body: { sid: `NO${index}`, request_url: LOCAL_WEBHOOK, request_variables: delivery.body },
        };
      },
    },
  ]);
