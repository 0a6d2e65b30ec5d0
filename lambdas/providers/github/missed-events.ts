import { readJsonAnswer, readNextLink } from '../../core/http/api-answer.ts';
import { apiPath, apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import type { JsonObject } from '../../core/json.ts';
import { EACH } from '../../core/json-slices.ts';
import type { ApiCall, DeliveryLog } from '../../core/missed-events.ts';
import { textsAt } from '../../core/poll/event-log.ts';
import { unreadableEntry } from '../../core/poll/list.ts';
import { newestIn, readDeliveries } from '../../core/poll/log-page.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import { ok, refuse } from '../../core/result.ts';
import { readText } from '../../core/schemes/fields.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';

/** The token may read the webhooks of the repository or organization. */
export const githubApi: ProviderApi = { credentials: 'token', settings: ['baseUrl', 'owner', 'hookId'] };

export const githubApiOptions = {
  baseUrl: baseUrlOption('https://api.github.com', 'missed events are fetched if it, `owner` and `hookId` are stated'),
  owner: {
    type: 'string',
    description: 'Whose webhook it is: `repos/octo/example`, or `orgs/octo`.',
    pattern: /^(?:repos\/[\w.-]+|orgs)\/[\w.-]+$/,
  },
  hookId: { type: 'string', description: "The webhook's id, as its page's URL ends.", pattern: /^\d{1,18}$/ },
} as const satisfies Record<string, OptionSpec>;

const deliveriesUrl = ({ options }: ApiCall, query: Record<string, string> = {}, id = ''): string =>
  apiUrl(options, `${String(options.owner)}${apiPath`/hooks/${options.hookId}/deliveries`}${id}`, query);

const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

/**
 * GitHub's log of a webhook's deliveries, by its page "REST API endpoints for repository webhooks": the newest first, kept for three
 * days. GitHub does not retry, so whatever failed is missed until somebody redelivers it.
 */
export const githubDeliveries: DeliveryLog = {
  kind: 'deliveries',
  overlapSeconds: 900,
  async page({ next }, api) {
    const url = deliveriesUrl(api, { per_page: '100' });
    const response = await api.http({ method: 'GET', url: next ?? url, headers: HEADERS });
    const answer = readJsonAnswer(response);
    if (!answer.ok) return next !== undefined && answer.reason === 'http_422' ? refuse('unknown_position') : answer;
    if (!Array.isArray(answer.value)) return refuse('not_a_list');
    const entries: readonly unknown[] = answer.value;
    const texts = textsAt(response.body, [EACH]);
    const following = readNextLink(response, url);
    if (!following.ok) return following;
    return ok({
      entries: readDeliveries(
        entries,
        (entry, index) => ({ ...toDelivery(entry), id: idIn(texts[index], entry) }),
        hasFailed,
      ),
      reached: newestIn(entries, (entry) => toDelivery(entry).at),
      next: following.value,
    });
  },

  async fetch({ id, at, envelope }, api) {
    const response = await api.http({ method: 'GET', url: deliveriesUrl(api, {}, apiPath`/${id}`), headers: HEADERS });
    const answer = readJsonAnswer(response);
    if (!answer.ok) return answer.reason === 'http_404' ? ok(unreadableEntry({ id, at }, 'payload_missing')) : answer;
    const [body] = textsAt(response.body, ['request', 'payload']);
    return ok(body ? { body, envelope } : unreadableEntry(answer.value, 'payload_missing'));
  },
};

/** No status, or 0, if no answer came. */
const hasFailed = ({ status_code: status }: JsonObject): boolean =>
  typeof status !== 'number' || status < 200 || status >= 300;

const toDelivery = (entry: JsonObject) => ({
  at: parseIsoTime(entry.delivered_at),
  // As for what is delivered: the id is the header's, and is not signed.
  envelope: { key: readText(entry.guid), type: readText(entry.event), unsignedId: true },
});

/**
 * An entry's id as it is written: it may have more digits than a number holds. Undefined if the entry does not say which event it is
 * of, because under another key the same event could run twice.
 */
function idIn(text: Buffer | undefined, { guid }: JsonObject): string | undefined {
  const [id] = readText(guid) === undefined ? [] : textsAt(text?.toString() ?? '', ['id']);
  return /^"?(\d{1,30})"?$/.exec(id?.toString() ?? '')?.[1];
}
