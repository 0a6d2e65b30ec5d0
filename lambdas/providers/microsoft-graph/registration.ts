import { callJson } from '../../core/http/api-json.ts';
import { apiPath, apiUrl, baseUrlOption } from '../../core/http/api-url.ts';
import type { Options } from '../../core/envelope.ts';
import { readList } from '../../core/http/read-list.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import type { Registered, Registration } from '../../core/registration.ts';
import { ok } from '../../core/result.ts';
import { readText } from '../../core/schemes/fields.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';

const SETTINGS = ['baseUrl', 'tokenUrl', 'scope', 'resource'] as const;

/** An app registration with a secret, which may read the resource. */
export const graphApi: ProviderApi = { credentials: 'client', settings: SETTINGS };

export const graphOptions = {
  baseUrl: baseUrlOption(
    'https://graph.microsoft.com/v1.0',
    'the subscription is renewed, and made again, if all four are stated',
  ),
  tokenUrl: {
    type: 'url',
    description: 'Token endpoint of the tenant, `https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`.',
  },
  scope: { type: 'string', description: '`https://graph.microsoft.com/.default`.', pattern: /^[\w.:/-]{1,200}$/ },
  resource: {
    type: 'string',
    description: 'The resource that is watched: `users/<id>/messages`. A source is one subscription.',
    pattern: /^[^\s?#]{1,512}$/,
  },
  lifetimeMinutes: {
    ...{ type: 'integer', default: 4230, min: 46, max: 43_200 },
    description: 'Minutes for which a subscription is asked for: at most what Graph allows for the resource.',
  },
} as const satisfies Record<string, OptionSpec>;

const MINUTE = 60;
/** Minutes between two renewals. A renewal also answers "reauthorizationRequired", which comes as an access token ends. */
const RENEW_EVERY = 30;
const lifetime = ({ lifetimeMinutes }: Options): number => Number(lifetimeMinutes) * MINUTE;
const endAfter = (now: Date, options: Options): string =>
  new Date(now.getTime() + lifetime(options) * 1000).toISOString();

/** Graph's subscriptions of one resource, by its reference ("subscription resource type"): each ends unless it is renewed. */
export const graphRegistration: Registration = {
  settings: SETTINGS,
  defaultEvents: ['created', 'updated', 'deleted'],
  async list({ http, options }) {
    const listed = await readList(
      apiUrl(options, 'subscriptions'),
      async (url) => {
        const answer = await callJson(http, { method: 'GET', url });
        return answer.ok ? ok({ entries: answer.value.value, next: answer.value['@odata.nextLink'] }) : answer;
      },
      (entry) => entry,
    );
    if (!listed.ok) return listed;
    return ok(listed.value.filter(({ resource }) => isSame(resource, options.resource)).map(toRegistered));
  },
  async create({ url, events, secret }, { http, options, now }) {
    const json = {
      ...{ changeType: events.join(','), notificationUrl: url, lifecycleNotificationUrl: url },
      ...{ resource: options.resource, clientState: secret, expirationDateTime: endAfter(now, options) },
    };
    const answer = await callJson(http, { method: 'POST', url: apiUrl(options, 'subscriptions'), json });
    return answer.ok ? ok(toRegistered(answer.value)) : answer;
  },
  upkeep: {
    recreates: true,
    renewBeforeSeconds: (options) => lifetime(options) - Math.min(RENEW_EVERY * MINUTE, lifetime(options) / 3),
    async renew({ id }, { http, options, now }) {
      const url = apiUrl(options, apiPath`subscriptions/${id}`);
      const json = { expirationDateTime: endAfter(now, options) };
      const answer = await callJson(http, { method: 'PATCH', url, json });
      return answer.ok ? ok(parseIsoTime(answer.value.expirationDateTime)) : answer;
    },
  },
};

const isSame = (a: unknown, b: unknown): boolean => pathOf(a) === pathOf(b);

const pathOf = (resource: unknown): string => (readText(resource) ?? '').replace(/^\/+/, '').toLowerCase();

const toRegistered = ({ id, notificationUrl, changeType, expirationDateTime }: JsonObject): Registered => ({
  id: readText(id) ?? '',
  url: readText(notificationUrl) ?? '',
  events: (readText(changeType) ?? '').split(',').filter((each) => each !== ''),
  // Only active ones are listed.
  enabled: true,
  expiresAt: parseIsoTime(expirationDateTime),
});
