import { readJsonAnswer } from '../../core/http/api-answer.ts';
import { apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import type { Envelope } from '../../core/envelope.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { EACH } from '../../core/json-slices.ts';
import type { EventLog } from '../../core/missed-events.ts';
import { readLoggedEvents } from '../../core/poll/event-log.ts';
import { newestOf, readNext } from '../../core/poll/log-page.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import { ok, refuse } from '../../core/result.ts';

/** The token is an access token that may read. */
export const gocardlessApi: ProviderApi = { credentials: 'token', settings: ['baseUrl'] };

export const gocardlessApiOptions = {
  baseUrl: baseUrlOption('https://api.gocardless.com', 'missed events are fetched if it is stated'),
} as const satisfies Record<string, OptionSpec>;

/** GoCardless's list of events, by its reference ("List events"): the newest first, each as a delivery holds it. */
export const gocardlessEvents = (readEvent: (event: JsonObject) => Envelope): EventLog => ({
  kind: 'events',
  overlapSeconds: 3600,
  async page({ since, next }, { http, options, now }) {
    const query = { limit: '500', 'created_at[gte]': since.toISOString(), after: next };
    const headers = { 'gocardless-version': '2015-07-06', accept: 'application/json' };
    const response = await http({ method: 'GET', url: apiUrl(options, 'events', query), headers });
    const answer = readJsonAnswer(response);
    if (!answer.ok) return next !== undefined && answer.reason === 'http_422' ? refuse('unknown_position') : answer;
    const { events, meta } = isObject(answer.value) ? answer.value : {};
    if (!Array.isArray(events)) return refuse('not_a_list');
    const entries = readLoggedEvents(response.body, ['events', EACH], { options, now }, ({ json }) => readEvent(json));
    const { cursors } = isObject(meta) ? meta : {};
    const following = readNext(isObject(cursors) ? cursors.after : undefined);
    return following.ok ? ok({ entries, reached: newestOf(entries), next: following.value }) : following;
  },
});
