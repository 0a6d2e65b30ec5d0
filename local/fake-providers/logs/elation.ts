import type { TokenEndpoint } from '../token-endpoint.ts';
import { fakeLog, newestFirst } from './log.ts';
import type { FakeLog } from './log.ts';

export const LOCAL_RESOURCE = { resource: 'patients' } as const;

/** Elation's list of published events, as the description of its API says: by limit and offset, of every subscription. */
export const fakeElation = ({ isAuthorized }: Pick<TokenEndpoint, 'isAuthorized'>): FakeLog =>
  fakeLog('elation', isAuthorized, [
    {
      route: /^GET app\/published_events\/$/,
      answer({ url }, log) {
        const query = url.searchParams;
        if (query.get('order_by') !== '-processed_date') return { status: 400, body: { order_by: ['unknown'] } };
        const all = newestFirst(log).flatMap(({ id, type, at, body, delivered }) => {
          const { event_id: eventId, action } = JSON.parse(body) as {
            readonly event_id: unknown;
            readonly action: unknown;
          };
          const entry = {
            ...{
              id: 1,
              event_id: eventId,
              event_type: action ?? type,
              resource_id: 7,
              processed_date: at.toISOString(),
            },
            ...{ target: 'https://hooks.example.com/', error_content: null },
          };
          const other = { ...entry, event_id: `other-${id}`, resource: 'appointments', status_code: 503 };
          return [{ ...entry, resource: LOCAL_RESOURCE.resource, status_code: delivered ? 200 : 503 }, other];
        });
        // An event of another subscription is beside each.
        const [size, offset] = [
          Math.min(Number(query.get('limit') ?? 25), 2 * log.pageSize),
          Number(query.get('offset') ?? 0),
        ];
        const following = new URL(url);
        following.searchParams.set('offset', String(offset + size));
        const next = offset + size < all.length ? following.href : null;
        return {
          status: 200,
          body: { count: all.length, next, previous: null, results: all.slice(offset, offset + size) },
        };
      },
    },
  ]);
