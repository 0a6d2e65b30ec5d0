import { callJson, textsOf } from '../../core/http/api-json.ts';
import { apiPath, apiUrl } from '../../core/http/api-url.ts';
import { readList } from '../../core/http/read-list.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ApiCall } from '../../core/missed-events.ts';
import type { Registered, Registration, Wanted } from '../../core/registration.ts';
import { ok } from '../../core/result.ts';
import { readIdText, readText } from '../../core/schemes/fields.ts';

const endpoints = ({ options }: ApiCall, rest = ''): string =>
  apiUrl(options, apiPath`api/v1/app/${options.appId}/endpoint` + rest);

/** No filter stands for every event type. */
const bodyOf = ({ url, events }: Wanted) => ({
  ...{ url, disabled: false },
  ...(events.length > 0 && !events.includes('*') && { filterTypes: events }),
});

/** Svix's endpoints of an application, by its API reference. Svix makes the secret, which is asked for by itself. */
export const svixRegistration: Registration = {
  settings: ['baseUrl', 'appId'],
  defaultEvents: ['*'],
  async list(api) {
    const first = endpoints(api, '?limit=250');
    const page = async (url: string) => {
      const answer = await callJson(api.http, { method: 'GET', url });
      if (!answer.ok) return answer;
      const { data: entries, done, iterator } = answer.value;
      // Without an iterator the same page would come again, which is a fault.
      const next = `${first}&${new URLSearchParams({ iterator: readText(iterator) ?? '' }).toString()}`;
      return ok({ entries, next: done === false ? next : undefined });
    };
    return readList(first, page, toRegistered);
  },
  async create(wanted, api) {
    const made = await callJson(api.http, { method: 'POST', url: endpoints(api), json: bodyOf(wanted) });
    if (!made.ok) return made;
    const registered = toRegistered(made.value);
    const secret = await callJson(api.http, { method: 'GET', url: endpoints(api, apiPath`/${registered.id}/secret`) });
    return ok({ ...registered, secret: secret.ok ? readText(secret.value.key) : undefined });
  },
  async update(id, wanted, api) {
    const answer = await callJson(api.http, {
      method: 'PUT',
      url: endpoints(api, apiPath`/${id}`),
      json: bodyOf(wanted),
    });
    return answer.ok ? ok(undefined) : answer;
  },
  upkeep: {
    // Svix switches an endpoint off that has failed for five days. An endpoint that is gone was deleted by a person.
    recreates: false,
    async enable({ id }, api) {
      const call = { method: 'PATCH', url: endpoints(api, apiPath`/${id}`), json: { disabled: false } } as const;
      const answer = await callJson(api.http, call);
      return answer.ok ? ok(undefined) : answer;
    },
  },
};

const toRegistered = ({ id, url, filterTypes, disabled }: JsonObject): Registered => ({
  id: readIdText(id) ?? '',
  url: readText(url) ?? '',
  events: Array.isArray(filterTypes) && filterTypes.length > 0 ? textsOf(filterTypes) : ['*'],
  enabled: disabled !== true,
});
