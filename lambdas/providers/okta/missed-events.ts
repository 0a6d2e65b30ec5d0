import { readJsonAnswer, readNextLink } from '../../core/http/api-answer.ts';
import { apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import type { Envelope } from '../../core/envelope.ts';
import type { JsonObject } from '../../core/json.ts';
import { EACH } from '../../core/json-slices.ts';
import type { EventLog } from '../../core/missed-events.ts';
import { readLoggedEvents } from '../../core/poll/event-log.ts';
import { newestOf } from '../../core/poll/log-page.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import { ok, refuse } from '../../core/result.ts';

/** The token is an API token, which Okta wants behind `SSWS`. */
export const oktaApi: ProviderApi = {
  credentials: 'token',
  tokenHeader: { header: 'authorization', before: 'SSWS ' },
  settings: ['baseUrl', 'eventTypes'],
};

export const oktaApiOptions = {
  baseUrl: baseUrlOption('https://example.okta.com', 'missed events are fetched if it and `eventTypes` are stated'),
  eventTypes: {
    type: 'string',
    description: 'The event types of the hook, with commas between: the log has all that happens in the organization.',
    pattern: /^[a-z][\w.]*(?:,[a-z][\w.]*){0,49}$/,
  },
} as const satisfies Record<string, OptionSpec>;

/**
 * Okta's System Log, by its reference ("List all System Log Events"): an event hook delivers entries of it. Okta retries once at
 * most, so that the log is the only way to what an outage has cost.
 */
export const oktaLog = (readEvent: (event: JsonObject) => Envelope): EventLog => ({
  kind: 'events',
  // An entry appears in the log some time after it happened.
  overlapSeconds: 3600,
  async page({ since, next }, { http, options, now }) {
    const types = String(options.eventTypes).split(',');
    const url = apiUrl(options, 'api/v1/logs', {
      ...{ since: since.toISOString(), limit: '1000', sortOrder: 'DESCENDING' },
      filter: types.map((type) => `eventType eq "${type}"`).join(' or '),
    });
    const response = await http({ method: 'GET', url: next ?? url, headers: { accept: 'application/json' } });
    const answer = readJsonAnswer(response);
    if (!answer.ok) return next !== undefined && answer.reason === 'http_400' ? refuse('unknown_position') : answer;
    if (!Array.isArray(answer.value)) return refuse('not_a_list');
    const following = readNextLink(response, url);
    if (!following.ok) return following;
    const entries = readLoggedEvents(response.body, [EACH], { options, now }, ({ json }) => readEvent(json));
    return ok({ entries, reached: newestOf(entries), next: following.value });
  },
});
