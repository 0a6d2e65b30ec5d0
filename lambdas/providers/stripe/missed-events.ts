import { readJsonAnswer } from '../../core/http/api-answer.ts';
import { apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { isObject } from '../../core/json.ts';
import { EACH } from '../../core/json-slices.ts';
import type { EventLog } from '../../core/missed-events.ts';
import { readLoggedEvents } from '../../core/poll/event-log.ts';
import type { ReadEvents } from '../../core/poll/event-log.ts';
import { newestOf, nextBehind } from '../../core/poll/log-page.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import { ok, refuse } from '../../core/result.ts';

/** The token is a restricted key that may read events. */
export const stripeApi: ProviderApi = { credentials: 'token', settings: ['baseUrl'] };

export const stripeApiOptions = {
  baseUrl: baseUrlOption('https://api.stripe.com', 'missed events are fetched if it is stated'),
} as const satisfies Record<string, OptionSpec>;

/**
 * Stripe's list of events, by its page "List all events": the newest first, kept for 30 days. With `delivery_success=false` it has
 * those alone that some endpoint of the account has not taken.
 */
export const stripeEvents = (readEvents: ReadEvents): EventLog => ({
  kind: 'events',
  overlapSeconds: 3600,
  async page({ since, next }, { http, options, now }) {
    const created = String(Math.floor(since.getTime() / 1000));
    const url = apiUrl(options, 'v1/events', {
      ...{ limit: '100', delivery_success: 'false', 'created[gte]': created, starting_after: next },
    });
    const response = await http({ method: 'GET', url });
    const answer = readJsonAnswer(response);
    if (!answer.ok) return next !== undefined && answer.reason === 'http_400' ? refuse('unknown_position') : answer;
    const list = isObject(answer.value) ? answer.value : {};
    if (!Array.isArray(list.data)) return refuse('not_a_list');
    const entries = readLoggedEvents(response.body, ['data', EACH], { options, now }, readEvents);
    const following = nextBehind(list.data, list.has_more === true);
    return following.ok ? ok({ entries, reached: newestOf(entries), next: following.value }) : following;
  },
});
