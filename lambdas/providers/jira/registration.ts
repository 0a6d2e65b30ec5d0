import { callJson, textsOf } from '../../core/http/api-json.ts';
import { apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { readList } from '../../core/http/read-list.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import type { Registered, Registration } from '../../core/registration.ts';
import { ok, refuse } from '../../core/result.ts';
import { readIdText, readText } from '../../core/schemes/fields.ts';
import { readIsoTime, readUnixMilliseconds } from '../../core/schemes/time.ts';

const SETTINGS = ['baseUrl', 'tokenUrl', 'jql'] as const;

/** The client id and secret of an OAuth 2.0 credential, such as a service account has. */
export const jiraApi: ProviderApi = { credentials: 'client', settings: SETTINGS };

export const jiraOptions = {
  baseUrl: baseUrlOption(
    'https://api.atlassian.com/ex/jira/<cloudId>',
    'dynamic webhooks are refreshed, and made again, if it, `tokenUrl` and `jql` are stated',
  ),
  tokenUrl: { type: 'url', description: 'Token endpoint, `https://auth.atlassian.com/oauth/token`.' },
  jql: {
    type: 'string',
    description: 'The JQL filter of the dynamic webhook: `project = EX`. A source is one filter.',
    pattern: /^[^\r\n]{1,1000}$/,
  },
} as const satisfies Record<string, OptionSpec>;

const PATH = 'rest/api/3/webhook';
const DAY = 86_400;
/** Days that a dynamic webhook lasts. */
const LIFE_DAYS = 30;
const PAGE = 100;

/** Jira's dynamic webhooks of one filter, by its reference ("Webhooks", REST API 3): each ends unless it is refreshed. */
export const jiraRegistration: Registration = {
  settings: SETTINGS,
  defaultEvents: ['jira:issue_created', 'jira:issue_updated', 'jira:issue_deleted'],
  // Jira signs with the secret of the app.
  takesSecret: false,
  async list({ http, options }) {
    const pageAt = (startAt: number) => apiUrl(options, PATH, { startAt: String(startAt), maxResults: String(PAGE) });
    const page = async (url: string) => {
      const answer = await callJson(http, { method: 'GET', url });
      if (!answer.ok) return answer;
      const { values: entries, isLast } = answer.value;
      const at = Number(new URL(url).searchParams.get('startAt'));
      // After an empty page the same page would come again, which is a fault.
      const next = pageAt(at + (Array.isArray(entries) ? entries.length : 0));
      return ok({ entries, next: isLast === false ? next : undefined });
    };
    const listed = await readList(pageAt(0), page, (entry) => entry);
    if (!listed.ok) return listed;
    return ok(listed.value.filter(({ jqlFilter }) => jqlFilter === options.jql).map(toRegistered));
  },
  async create({ url, events }, { http, options, now }) {
    const json = { url, webhooks: [{ jqlFilter: options.jql, events }] };
    const answer = await callJson(http, { method: 'POST', url: apiUrl(options, PATH), json });
    if (!answer.ok) return answer;
    const { webhookRegistrationResult: results } = answer.value;
    if (!Array.isArray(results)) return refuse('no_id');
    const made: unknown = results[0];
    const id = isObject(made) ? readIdText(made.createdWebhookId) : undefined;
    // A filter or an event that Jira does not take is told in an answer of success.
    if (id === undefined) return refuse('refused');
    return ok({ id, url, events, enabled: true, expiresAt: new Date(now.getTime() + LIFE_DAYS * DAY * 1000) });
  },
  upkeep: {
    recreates: true,
    // Ten days after it was refreshed.
    renewBeforeSeconds: () => 20 * DAY,
    async renew({ id }, { http, options }) {
      const json = { webhookIds: [Number(id)] };
      const answer = await callJson(http, { method: 'PUT', url: apiUrl(options, `${PATH}/refresh`), json });
      return answer.ok ? ok(readTime(answer.value.expirationDate)) : answer;
    },
  },
};

const toRegistered = ({ id, url, events, expirationDate }: JsonObject): Registered => ({
  id: readIdText(id) ?? '',
  url: readText(url) ?? '',
  events: textsOf(events),
  // A webhook that has ended is not listed.
  enabled: true,
  expiresAt: readTime(expirationDate),
});

/** Milliseconds, or ISO 8601 whose zone has no colon: Jira's reference has both. */
const readTime = (value: unknown): Date | undefined => readIsoTime(value) ?? readUnixMilliseconds(value);
