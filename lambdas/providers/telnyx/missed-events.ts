import { readJsonAnswer } from '../../core/http/api-answer.ts';
import { apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { isObject } from '../../core/json.ts';
import { EACH } from '../../core/json-slices.ts';
import type { DeliveryLog, LoggedEvent } from '../../core/missed-events.ts';
import { readLoggedEvents } from '../../core/poll/event-log.ts';
import type { ReadEvents } from '../../core/poll/event-log.ts';
import { newestOf } from '../../core/poll/log-page.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import { receivedBody } from '../../core/received.ts';
import { ok, refuse } from '../../core/result.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';

export const telnyxApi: ProviderApi = { credentials: 'token', settings: ['baseUrl'] };

export const telnyxApiOptions = {
  baseUrl: baseUrlOption('https://api.telnyx.com', 'missed events are fetched if it is stated'),
} as const satisfies Record<string, OptionSpec>;

const PAGE = 250;

/**
 * Telnyx's log of webhook deliveries, by its reference ("List webhook deliveries"): those that failed, each with its event.
 */
export const telnyxDeliveries = (readEvents: ReadEvents): DeliveryLog => ({
  kind: 'deliveries',
  overlapSeconds: 3600,
  async page({ since, next = '1' }, { http, options, now }) {
    const query = {
      ...{ 'filter[status][eq]': 'failed', 'filter[started_at][gte]': since.toISOString() },
      ...{ 'page[number]': next, 'page[size]': String(PAGE) },
    };
    const response = await http({ method: 'GET', url: apiUrl(options, 'v2/webhook_deliveries', query) });
    const answer = readJsonAnswer(response);
    if (!answer.ok) return answer;
    const { data, meta } = isObject(answer.value) ? answer.value : {};
    if (!Array.isArray(data)) return refuse('not_a_list');
    const wrap = ({ body, ...entry }: LoggedEvent): LoggedEvent => {
      if (entry.malformed) return { body, ...entry };
      // A delivery has its event as `data`.
      const whole = Buffer.concat([Buffer.from('{"data":'), body, Buffer.from('}')]);
      return { ...entry, body: whole, envelope: readEvents(receivedBody(whole, { now, options })) };
    };
    const entries = readLoggedEvents(response.body, ['data', EACH], { options, now }, () => ({}), {
      body: ['webhook'],
      timeOf: ({ started_at: time }) => parseIsoTime(time),
    }).map(wrap);
    const pages = isObject(meta) && typeof meta.total_pages === 'number' ? meta.total_pages : undefined;
    if (pages === undefined && data.length === PAGE) return refuse('no_next_page');
    const number = Number(next);
    return ok({ entries, reached: newestOf(entries), next: number < (pages ?? 0) ? String(number + 1) : undefined });
  },
});
