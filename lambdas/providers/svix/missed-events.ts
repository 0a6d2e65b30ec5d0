import { readJsonAnswer } from '../../core/http/api-answer.ts';
import { apiPath, apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ResendLog } from '../../core/missed-events.ts';
import { newestOf, readDeliveries, readNext } from '../../core/poll/log-page.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import { ok, refuse } from '../../core/result.ts';
import { readText } from '../../core/schemes/fields.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';

export const svixApi: ProviderApi = { credentials: 'token', settings: ['baseUrl', 'appId', 'endpointId'] };

const ID = /^[\w.-]{1,256}$/;

export const svixApiOptions = {
  baseUrl: baseUrlOption(
    'https://api.us.svix.com',
    'missed events are asked for again if it, `appId` and `endpointId` are stated',
  ),
  appId: { type: 'string', description: 'The application that sends, `app_…`, or its own id.', pattern: ID },
  endpointId: { type: 'string', description: 'The endpoint that delivers to this source, `ep_…`.', pattern: ID },
} as const satisfies Record<string, OptionSpec>;

/** An attempt's status: 0 is a success, 1 waits for a retry, 2 has failed for good. */
const FAILED = '2';

/**
 * Svix's log of an endpoint's attempts, by its API reference ("List attempts by endpoint", "Resend webhook"): the newest first.
 * Svix sends a message again under its id, so that it comes signed like any other.
 */
export const svixAttempts: ResendLog = {
  kind: 'resend',
  overlapSeconds: 3600,
  // The content of a message is kept for 90 days, unless the sender says otherwise.
  keepsSeconds: 90 * 86_400,
  async page({ since, next }, { http, options }) {
    const path = apiPath`api/v1/app/${options.appId}/attempt/endpoint/${options.endpointId}`;
    const query = { status: FAILED, limit: '250', after: since.toISOString(), iterator: next };
    const answer = readJsonAnswer(await http({ method: 'GET', url: apiUrl(options, path, query) }));
    if (!answer.ok) return next !== undefined && answer.reason === 'http_422' ? refuse('unknown_position') : answer;
    const list = isObject(answer.value) ? answer.value : {};
    if (!Array.isArray(list.data)) return refuse('not_a_list');
    const entries = readDeliveries(list.data, toDelivery);
    const following = list.done === true ? ok(undefined) : readNext(list.iterator);
    if (!following.ok) return following;
    if (list.done === false && following.value === undefined) return refuse('no_next_page');
    return ok({ entries, reached: newestOf(entries), next: following.value });
  },

  async resend({ id }, { http, options }) {
    const path = apiPath`api/v1/app/${options.appId}/msg/${id}/endpoint/${options.endpointId}/resend`;
    return (await http({ method: 'POST', url: apiUrl(options, path) })).status;
  },
};

/** The message's id is the event's, in the header `svix-id`. */
const toDelivery = ({ msgId, timestamp }: JsonObject) => ({
  id: readText(msgId),
  at: parseIsoTime(timestamp),
  envelope: { key: readText(msgId) },
});
