import { readJsonAnswer } from '../../core/http/api-answer.ts';
import { apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { EACH } from '../../core/json-slices.ts';
import type { EventLog } from '../../core/missed-events.ts';
import { readLoggedEvents } from '../../core/poll/event-log.ts';
import type { ReadEvents } from '../../core/poll/event-log.ts';
import { newestOf, readNextUrl } from '../../core/poll/log-page.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import { ok, refuse } from '../../core/result.ts';
import { readText } from '../../core/schemes/fields.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';

const SETTINGS = ['baseUrl', 'tokenUrl', 'resource'] as const;

export const elationApi: ProviderApi = { credentials: 'client', settings: SETTINGS };

export const elationApiOptions = {
  baseUrl: baseUrlOption(
    'https://app.elationemr.com/api/2.0',
    'missed events are fetched if it, `tokenUrl` and `resource` are stated',
  ),
  tokenUrl: { type: 'url', description: 'Token endpoint, `https://app.elationemr.com/api/2.0/oauth2/token/`.' },
  resource: {
    type: 'string',
    description: "The subscription's resource, such as `patients`: the list has the events of all subscriptions.",
    pattern: /^[a-z_]{1,64}$/,
  },
} as const satisfies Record<string, OptionSpec>;

/**
 * Elation's list of published events, by the description of its API ("List Published Events"): each with the status that it was
 * answered with, and without the data of the resource. That `order_by` takes `-processed_date` is an assumption.
 */
export const elationEvents = (readEvent: ReadEvents): EventLog => ({
  kind: 'events',
  overlapSeconds: 3600,
  async page({ next }, { http, options, now }) {
    const first = apiUrl(options, 'app/published_events/', { limit: '100', order_by: '-processed_date' });
    const response = await http({ method: 'GET', url: next ?? first });
    const answer = readJsonAnswer(response);
    if (!answer.ok) return next !== undefined && answer.reason === 'http_404' ? refuse('unknown_position') : answer;
    const { results, next: following } = isObject(answer.value) ? answer.value : {};
    if (!Array.isArray(results)) return refuse('not_a_list');
    const link = readNextUrl(following, first);
    if (!link.ok) return link;
    const timeOf = ({ processed_date: time }: JsonObject) => parseIsoTime(time);
    const listed = readLoggedEvents(response.body, ['results', EACH], { options, now }, readEvent, { timeOf });
    return ok({
      // An entry that cannot be read waits for a person, whatever it is of.
      entries: listed.filter((_entry, index) => isMissed(results[index], options.resource)),
      reached: newestOf(listed),
      next: link.value,
    });
  },
});

/** Elation takes 200 alone for a success. An event that does not say of which resource it is may be of this one. */
const isMissed = (entry: unknown, resource: unknown): boolean =>
  !isObject(entry) || ((readText(entry.resource) ?? resource) === resource && entry.status_code !== 200);
