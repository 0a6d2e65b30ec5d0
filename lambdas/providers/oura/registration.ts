import { callForJson, callJson } from '../../core/http/api-json.ts';
import { apiPath, apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ApiCall } from '../../core/missed-event.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import type { Registered, Registration } from '../../core/registration.ts';
import { ok, refuse } from '../../core/result.ts';
import { joinedType, readText, splitType } from '../../core/schemes/fields.ts';
import { secretPart } from '../../core/schemes/secret-parts.ts';
import { readUtcTime } from '../../core/schemes/time.ts';

const SETTINGS = ['baseUrl', 'clientId'] as const;

/** The app's client secret, beside its client id in a header of its own. */
export const ouraApi: ProviderApi = {
  credentials: 'token',
  tokenHeader: { header: 'x-client-secret', before: '' },
  settings: SETTINGS,
};

export const ouraOptions = {
  baseUrl: baseUrlOption(
    'https://api.ouraring.com/v2',
    'subscriptions are renewed, and made again, if it and `clientId` are stated',
  ),
  clientId: { type: 'string', description: 'Client id of the app, which each call names.', pattern: /^[\w-]{1,100}$/ },
} as const satisfies Record<string, OptionSpec>;

const PATH = 'webhook/subscription';
const DAY = 86_400;

const headers = ({ options }: ApiCall): Record<string, string> => ({ 'x-client-id': String(options.clientId) });

/**
 * Oura's subscriptions, by its OpenAPI description ("Webhook Subscription Routes"): one per data type and event type, written here as
 * `daily_sleep.update`. Each ends at its `expiration_time`, unless it is renewed.
 */
export const ouraRegistration: Registration = {
  settings: SETTINGS,
  defaultEvents: [],
  perEvent: true,
  // The token by which the endpoint knows Oura's question is part of the secret.
  takesSecret: true,
  async list(api) {
    const answer = await callForJson(api.http, {
      ...{ method: 'GET', url: apiUrl(api.options, PATH), headers: headers(api) },
    });
    if (!answer.ok) return answer;
    return Array.isArray(answer.value) ? ok(answer.value.filter(isObject).map(toRegistered)) : refuse('not_a_list');
  },
  async create({ url, events: [event = ''], secret }, api) {
    const token = secretPart(secret, 'verificationToken');
    if (token === undefined) return refuse('no_secret');
    const [data_type, event_type] = splitType(event);
    const json = { callback_url: url, verification_token: token, event_type, data_type };
    const call = { method: 'POST', url: apiUrl(api.options, PATH), headers: headers(api), json } as const;
    const answer = await callJson(api.http, call);
    return answer.ok ? ok(toRegistered(answer.value)) : answer;
  },
  upkeep: {
    recreates: true,
    renewBeforeSeconds: () => 14 * DAY,
    async renew({ id }, api) {
      const url = apiUrl(api.options, `${PATH}/renew${apiPath`/${id}`}`);
      const answer = await callJson(api.http, { method: 'PUT', url, headers: headers(api) });
      return answer.ok ? ok(readUtcTime(answer.value.expiration_time)) : answer;
    },
  },
};

const toRegistered = ({ id, callback_url, data_type, event_type, expiration_time }: JsonObject): Registered => ({
  id: readText(id) ?? '',
  url: readText(callback_url) ?? '',
  events: [joinedType(data_type, event_type) ?? ''],
  // A subscription that Oura no longer serves is not listed.
  enabled: true,
  expiresAt: readUtcTime(expiration_time),
});
