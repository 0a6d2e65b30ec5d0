import { readJsonAnswer } from '../../core/http/api-answer.ts';
import { apiPath, apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { DeliveryLog } from '../../core/missed-events.ts';
import type { ReadEvents } from '../../core/poll/event-log.ts';
import { unreadableEntry } from '../../core/poll/list.ts';
import { newestIn, readDeliveries, readNextUrl } from '../../core/poll/log-page.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import { receivedBody } from '../../core/received.ts';
import { ok, refuse } from '../../core/result.ts';
import { readText } from '../../core/schemes/fields.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';

/** An API key and its secret. */
export const twilioApi: ProviderApi = { credentials: 'basic', settings: ['baseUrl', 'alertUrl'] };

export const twilioApiOptions = {
  baseUrl: baseUrlOption('https://monitor.twilio.com', 'missed events are fetched if it and `alertUrl` are stated'),
  alertUrl: {
    type: 'url',
    description: "The webhook's URL, as the alerts of its failures have it: `request_url`.",
  },
} as const satisfies Record<string, OptionSpec>;

/**
 * Twilio's alerts, by its page "Monitor REST API: Alerts": one for each request to the webhook that failed, the newest first. An
 * alert has the fields of the request only if it is asked for by itself. Twilio does not retry.
 */
export const twilioAlerts = (readEvents: ReadEvents): DeliveryLog => ({
  kind: 'deliveries',
  overlapSeconds: 3600,
  async page({ since, next }, { http, options }) {
    const first = apiUrl(options, 'v1/Alerts', {
      ...{ LogLevel: 'error', StartDate: since.toISOString(), PageSize: '1000' },
    });
    const answer = readJsonAnswer(await http({ method: 'GET', url: next ?? first }));
    if (!answer.ok) return next !== undefined && answer.reason === 'http_400' ? refuse('unknown_position') : answer;
    const { alerts, meta } = isObject(answer.value) ? answer.value : {};
    if (!Array.isArray(alerts)) return refuse('not_a_list');
    const following = readNextUrl(isObject(meta) ? meta.next_page_url : undefined, first);
    if (!following.ok) return following;
    // Other webhooks of the account have alerts too. An alert without an id is of nobody, and a person looks at it.
    const isOwn = ({ sid, request_url: url }: JsonObject) => url === options.alertUrl || readText(sid) === undefined;
    return ok({
      entries: readDeliveries(alerts, toDelivery, isOwn),
      reached: newestIn(alerts, (entry) => toDelivery(entry).at),
      next: following.value,
    });
  },

  async fetch({ id, at }, { http, options, now }) {
    const answer = readJsonAnswer(await http({ method: 'GET', url: apiUrl(options, apiPath`v1/Alerts/${id}`) }));
    if (!answer.ok) return answer.reason === 'http_404' ? ok(unreadableEntry({ id, at }, 'payload_missing')) : answer;
    const fields = isObject(answer.value) ? readText(answer.value.request_variables) : undefined;
    if (fields === undefined) return ok(unreadableEntry(answer.value, 'payload_missing'));
    const body = Buffer.from(fields);
    return ok({ body, envelope: readEvents(receivedBody(body, { now, options })) });
  },
});

/** By what the event is known follows from its fields. */
const toDelivery = ({ sid, date_generated: time }: JsonObject) => ({
  id: readText(sid),
  at: parseIsoTime(time),
  envelope: {},
});
