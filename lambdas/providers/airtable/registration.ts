import { callJson, textsOf } from '../../core/http/api-json.ts';
import { apiPath, apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ApiCall } from '../../core/missed-event.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import type { Registered, Registration } from '../../core/registration.ts';
import { ok, refuse } from '../../core/result.ts';
import { readText } from '../../core/schemes/fields.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';

const SETTINGS = ['baseUrl', 'baseId'] as const;

/** A personal access token with `webhook:manage`, and with what the data types need. */
export const airtableApi: ProviderApi = { credentials: 'token', settings: SETTINGS };

export const airtableOptions = {
  baseUrl: baseUrlOption(
    'https://api.airtable.com/v0',
    'the webhook is refreshed, and made again, if it and `baseId` are stated',
  ),
  baseId: { type: 'string', description: 'The base that is watched, `app…`.', pattern: /^app\w{1,64}$/ },
  scope: {
    type: 'string',
    description: 'The table or view that is watched, `tbl…` or `viw…`. Default: the whole base.',
    pattern: /^(?:tbl|viw)\w{1,64}$/,
  },
} as const satisfies Record<string, OptionSpec>;

const webhooks = ({ options }: ApiCall, rest = ''): string =>
  apiUrl(options, apiPath`bases/${options.baseId}/webhooks` + rest);

/**
 * Airtable's webhooks of a base, by its reference ("Webhooks"). One ends seven days after it was made or refreshed, and is not sent
 * to after many failures. The events are data types: `tableData`, `tableFields`, `tableMetadata`.
 */
export const airtableRegistration: Registration = {
  settings: SETTINGS,
  defaultEvents: ['tableData'],
  async list(api) {
    const answer = await callJson(api.http, { method: 'GET', url: webhooks(api) });
    if (!answer.ok) return answer;
    const { webhooks: list } = answer.value;
    return Array.isArray(list) ? ok(list.filter(isObject).map(toRegistered)) : refuse('not_a_list');
  },
  async create({ url, events }, api) {
    const { scope } = api.options;
    const filters = { dataTypes: events, ...(scope !== undefined && { recordChangeScope: scope }) };
    const json = { notificationUrl: url, specification: { options: { filters } } };
    const answer = await callJson(api.http, { method: 'POST', url: webhooks(api), json });
    if (!answer.ok) return answer;
    const { id, expirationTime, macSecretBase64 } = answer.value;
    const made = { id: readText(id) ?? '', url, events, enabled: true, expiresAt: parseIsoTime(expirationTime) };
    return ok({ ...made, secret: readText(macSecretBase64) });
  },
  upkeep: {
    recreates: true,
    // A day after it was refreshed.
    renewBeforeSeconds: () => 6 * 86_400,
    async renew({ id }, api) {
      const answer = await callJson(api.http, { method: 'POST', url: webhooks(api, apiPath`/${id}/refresh`) });
      return answer.ok ? ok(parseIsoTime(answer.value.expirationTime)) : answer;
    },
    async enable({ id }, api) {
      const call = {
        method: 'POST',
        url: webhooks(api, apiPath`/${id}/enableNotifications`),
        json: { enable: true },
      } as const;
      const answer = await callJson(api.http, call);
      return answer.ok ? ok(undefined) : answer;
    },
    async remove(id, api) {
      const answer = await callJson(api.http, { method: 'DELETE', url: webhooks(api, apiPath`/${id}`) });
      return answer.ok ? ok(undefined) : answer;
    },
  },
};

function toRegistered(webhook: JsonObject): Registered {
  const { id, notificationUrl, areNotificationsEnabled, isHookEnabled, expirationTime, specification } = webhook;
  const options = isObject(specification) && isObject(specification.options) ? specification.options : {};
  const filters = isObject(options.filters) ? options.filters : {};
  return {
    id: readText(id) ?? '',
    url: readText(notificationUrl) ?? '',
    events: textsOf(filters.dataTypes),
    enabled: areNotificationsEnabled !== false && isHookEnabled !== false,
    expiresAt: parseIsoTime(expirationTime),
  };
}
