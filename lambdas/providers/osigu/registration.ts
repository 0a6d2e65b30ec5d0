import { callForJson, callJson, textsOf } from '../../core/http/api-json.ts';
import { apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import type { Registered, Registration } from '../../core/registration.ts';
import { ok, refuse } from '../../core/result.ts';
import { readIdText, readText } from '../../core/schemes/fields.ts';

export const osiguApi: ProviderApi = { credentials: 'token', settings: ['baseUrl'] };

export const osiguApiOptions = {
  baseUrl: baseUrlOption('https://sandbox.osigu.com', '`ops register` registers the URL there'),
} as const satisfies Record<string, OptionSpec>;

const PATH = 'webhooks/v1/subscriptions';

/**
 * Osigu's subscriptions, by its document "Implement a webhook receiver": `POST` with a URL and patterns of event types. That the
 * same path lists them is an assumption (docs/providers/osigu.md). The secret comes by e-mail.
 */
export const osiguRegistration: Registration = {
  settings: ['baseUrl'],
  defaultEvents: ['*'],
  async list({ http, options }) {
    const answer = await callForJson(http, { method: 'GET', url: apiUrl(options, PATH) });
    if (!answer.ok) return answer;
    const list: unknown = isObject(answer.value) ? (answer.value.data ?? answer.value.subscriptions) : answer.value;
    return Array.isArray(list) ? ok(list.filter(isObject).map(toRegistered)) : refuse('not_a_list');
  },
  async create({ url, events }, { http, options }) {
    const answer = await callJson(http, {
      ...{ method: 'POST', url: apiUrl(options, PATH) },
      json: { url, event_types: events },
    });
    return answer.ok ? ok({ ...toRegistered({ url, event_types: events, ...answer.value }) }) : answer;
  },
};

const toRegistered = ({
  id,
  subscription_id: other,
  url,
  event_types: events,
  status,
  active,
}: JsonObject): Registered => ({
  id: readIdText(id) ?? readIdText(other) ?? '',
  url: readText(url) ?? '',
  events: textsOf(events),
  enabled: active !== false && status !== 'disabled' && status !== 'inactive',
});
