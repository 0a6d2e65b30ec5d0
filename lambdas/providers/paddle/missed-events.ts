import { readJsonAnswer } from '../../core/http/api-answer.ts';
import { apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { isObject } from '../../core/json.ts';
import { EACH } from '../../core/json-slices.ts';
import type { DeliveryLog } from '../../core/missed-events.ts';
import { readLoggedEvents } from '../../core/poll/event-log.ts';
import type { ReadEvents } from '../../core/poll/event-log.ts';
import { newestOf, nextBehind } from '../../core/poll/log-page.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import { ok, refuse } from '../../core/result.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';

/** The token is an API key that may read notifications. */
export const paddleApi: ProviderApi = { credentials: 'token', settings: ['baseUrl', 'notificationSettingId'] };

export const paddleApiOptions = {
  baseUrl: baseUrlOption(
    'https://api.paddle.com',
    'missed events are fetched if it and `notificationSettingId` are stated',
  ),
  notificationSettingId: {
    type: 'string',
    description: 'The destination that delivers to this source, `ntfset_…`.',
    pattern: /^ntfset_\w{1,64}$/,
  },
} as const satisfies Record<string, OptionSpec>;

/**
 * Paddle's log of notifications, by its reference ("List notifications"): the newest first, each with the payload that was
 * delivered. Fetched are those that Paddle has given up and those that it is still retrying.
 */
export const paddleNotifications = (readEvents: ReadEvents): DeliveryLog => ({
  kind: 'deliveries',
  overlapSeconds: 3600,
  async page({ since, next }, { http, options, now }) {
    const query = {
      ...{ notification_setting_id: String(options.notificationSettingId), status: 'failed,needs_retry' },
      ...{ from: since.toISOString(), order_by: 'id[DESC]', per_page: '200', after: next },
    };
    const response = await http({ method: 'GET', url: apiUrl(options, 'notifications', query) });
    const answer = readJsonAnswer(response);
    if (!answer.ok) return next !== undefined && answer.reason === 'http_400' ? refuse('unknown_position') : answer;
    const { data, meta } = isObject(answer.value) ? answer.value : {};
    if (!Array.isArray(data)) return refuse('not_a_list');
    const entries = readLoggedEvents(response.body, ['data', EACH], { options, now }, readEvents, {
      body: ['payload'],
      timeOf: ({ occurred_at: time }) => parseIsoTime(time),
    });
    const { pagination } = isObject(meta) ? meta : {};
    const following = nextBehind(data, isObject(pagination) && pagination.has_more === true);
    return following.ok ? ok({ entries, reached: newestOf(entries), next: following.value }) : following;
  },
});
