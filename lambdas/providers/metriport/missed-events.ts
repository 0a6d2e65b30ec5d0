import { readJsonAnswer } from '../../core/http/api-answer.ts';
import { apiPath, apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ResendLog } from '../../core/missed-events.ts';
import { newestIn, readDeliveries, readNextUrl } from '../../core/poll/log-page.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import { ok, refuse } from '../../core/result.ts';
import { readText } from '../../core/schemes/fields.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';

/** The token is an API key, which has a header of its own. */
export const metriportApi: ProviderApi = {
  credentials: 'token',
  tokenHeader: { header: 'x-api-key', before: '' },
  settings: ['baseUrl'],
};

export const metriportApiOptions = {
  baseUrl: baseUrlOption('https://api.metriport.com', 'missed events are asked for again if it is stated'),
} as const satisfies Record<string, OptionSpec>;

const PATH = 'settings/webhook/request';

/** Statuses of a request that has been taken, or that is on its way. */
const NOT_FAILED = ['success', 'processing'];

/**
 * Metriport's log of webhook requests, by its pages "List Webhook requests" and "Retry a Webhook request": the newest first, kept for
 * 30 days. Metriport does not retry by itself; on request it sends a message again, under its id and signed.
 */
export const metriportRequests: ResendLog = {
  kind: 'resend',
  overlapSeconds: 900,
  keepsSeconds: 30 * 86_400,
  async page({ next }, { http, options }) {
    const first = apiUrl(options, PATH, { count: '500', sort: 'createdAt=desc' });
    const answer = readJsonAnswer(await http({ method: 'GET', url: next ?? first }));
    if (!answer.ok) return next !== undefined && answer.reason === 'http_400' ? refuse('unknown_position') : answer;
    const { requests, meta } = isObject(answer.value) ? answer.value : {};
    if (!Array.isArray(requests)) return refuse('not_a_list');
    const following = readNextUrl(isObject(meta) ? meta.nextPage : undefined, first);
    if (!following.ok) return following;
    return ok({
      entries: readDeliveries(requests, toDelivery, hasFailed),
      reached: newestIn(requests, (entry) => toDelivery(entry).at),
      next: following.value,
    });
  },

  async resend({ id }, { http, options }) {
    const url = apiUrl(options, PATH + apiPath`/${id}/retry`);
    return (await http({ method: 'POST', url })).status;
  },
};

const hasFailed = ({ status }: JsonObject): boolean => !NOT_FAILED.includes(readText(status) ?? '');

/** The request's id is the message's, `meta.messageId` of the delivery. */
const toDelivery = ({ id, createdAt }: JsonObject) => ({
  id: readText(id),
  at: parseIsoTime(createdAt),
  envelope: { key: readText(id) },
});
