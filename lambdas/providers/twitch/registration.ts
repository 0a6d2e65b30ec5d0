import { callJson } from '../../core/http/api-json.ts';
import { apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import { readList } from '../../core/http/read-list.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ApiCall } from '../../core/missed-event.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import type { Registered, Registration } from '../../core/registration.ts';
import { ok, refuse } from '../../core/result.ts';
import { readIdText, readText } from '../../core/schemes/fields.ts';

const SETTINGS = ['baseUrl', 'tokenUrl', 'clientId'] as const;

/** The app's client id and secret. */
export const twitchApi: ProviderApi = { credentials: 'client', settings: SETTINGS };

export const twitchOptions = {
  baseUrl: baseUrlOption(
    'https://api.twitch.tv/helix',
    'subscriptions are made again if it, `tokenUrl` and `clientId` are stated',
  ),
  tokenUrl: { type: 'url', description: 'Token endpoint, `https://id.twitch.tv/oauth2/token`.' },
  clientId: { type: 'string', description: 'Client id of the app, which each call names.', pattern: /^\w{1,100}$/ },
} as const satisfies Record<string, OptionSpec>;

const PATH = 'eventsub/subscriptions';
/** Statuses of a subscription that delivers, or is about to. */
const LIVE = ['enabled', 'webhook_callback_verification_pending'];
/** Statuses by which Twitch has given up a callback: the subscription can be made again. */
const GIVEN_UP = ['notification_failures_exceeded', 'webhook_callback_verification_failed'];

const headers = ({ options }: ApiCall): Record<string, string> => ({ 'client-id': String(options.clientId) });

/**
 * Twitch's subscriptions, by its reference ("EventSub"): one per type and condition, written here as
 * `channel.follow@2?broadcaster_user_id=1&moderator_user_id=1`. One that failed too often is revoked for good.
 */
export const twitchRegistration: Registration = {
  settings: SETTINGS,
  defaultEvents: [],
  perEvent: true,
  async list(api) {
    const page = async (url: string) => {
      const answer = await callJson(api.http, { method: 'GET', url, headers: headers(api) });
      if (!answer.ok) return answer;
      const { data: entries, pagination } = answer.value;
      const after = isObject(pagination) ? readText(pagination.cursor) : undefined;
      return ok({ entries, next: after === undefined ? undefined : apiUrl(api.options, PATH, { after }) });
    };
    return readList(apiUrl(api.options, PATH), page, toRegistered);
  },
  async create({ url, events: [event = ''], secret }, api) {
    const [name = '', query = ''] = event.split('?');
    const [type, version = '1'] = name.split('@');
    const json = {
      ...{ type, version, condition: Object.fromEntries(new URLSearchParams(query)) },
      transport: { method: 'webhook', callback: url, secret },
    };
    const call = { method: 'POST', url: apiUrl(api.options, PATH), headers: headers(api), json } as const;
    const answer = await callJson(api.http, call);
    if (!answer.ok) return answer;
    const made: unknown = Array.isArray(answer.value.data) ? answer.value.data[0] : undefined;
    return isObject(made) ? ok(toRegistered(made)) : refuse('not_a_list');
  },
  upkeep: {
    recreates: true,
    async remove(id, api) {
      const call = { method: 'DELETE', url: apiUrl(api.options, PATH, { id }), headers: headers(api) } as const;
      const answer = await callJson(api.http, call);
      return answer.ok ? ok(undefined) : answer;
    },
  },
};

function toRegistered({ id, type, version, condition, transport, status }: JsonObject): Registered {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(isObject(condition) ? condition : {})) {
    const text = readIdText(value);
    if (text !== undefined) query.append(name, text);
  }
  const name = `${readText(type) ?? ''}${version === '1' ? '' : `@${readText(version) ?? ''}`}`;
  const enabled = LIVE.includes(readText(status) ?? '');
  return {
    id: readText(id) ?? '',
    url: isObject(transport) ? (readText(transport.callback) ?? '') : '',
    events: [query.size === 0 ? name : `${name}?${query.toString()}`],
    enabled,
    isRevoked: !enabled && !GIVEN_UP.includes(readText(status) ?? ''),
  };
}
