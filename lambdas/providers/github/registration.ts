import { readNextLink } from '../../core/http/api-answer.ts';
import { callJson, readAnyJson, textsOf } from '../../core/http/api-json.ts';
import { apiPath, apiUrl } from '../../core/http/api-url.ts';
import { readList } from '../../core/http/read-list.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ApiCall } from '../../core/missed-events.ts';
import type { Registered, Registration, Wanted } from '../../core/registration.ts';
import { ok } from '../../core/result.ts';
import { readIdText, readText } from '../../core/schemes/fields.ts';

const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };
const hooks = ({ options }: ApiCall, rest = ''): string => apiUrl(options, `${String(options.owner)}/hooks${rest}`);

const bodyOf = ({ url, events, secret }: Wanted) => ({
  ...{ active: true, events },
  config: { url, content_type: 'json', insecure_ssl: '0', secret },
});

/** GitHub's webhooks of a repository or an organization, by its reference: the secret is the one that the deployment has made. */
export const githubRegistration: Registration = {
  settings: ['baseUrl', 'owner'],
  defaultEvents: ['*'],
  async list(api) {
    const page = async (url: string) => {
      const response = await api.http({ method: 'GET', url, headers: HEADERS });
      const answer = readAnyJson(response);
      if (!answer.ok) return answer;
      const next = readNextLink(response, url);
      return next.ok ? ok({ entries: answer.value, next: next.value }) : next;
    };
    return readList(hooks(api, '?per_page=100'), page, toRegistered);
  },
  async create(wanted, api) {
    const json = { name: 'web', ...bodyOf(wanted) };
    const answer = await callJson(api.http, { method: 'POST', url: hooks(api), headers: HEADERS, json });
    return answer.ok ? ok(toRegistered(answer.value)) : answer;
  },
  async update(id, wanted, api) {
    const call = { method: 'PATCH', url: hooks(api, apiPath`/${id}`), headers: HEADERS } as const;
    const answer = await callJson(api.http, { ...call, json: bodyOf(wanted) });
    return answer.ok ? ok(undefined) : answer;
  },
  upkeep: {
    // A webhook that is gone was deleted by a person.
    recreates: false,
    async enable({ id }, api) {
      const call = {
        method: 'PATCH',
        url: hooks(api, apiPath`/${id}`),
        headers: HEADERS,
        json: { active: true },
      } as const;
      const answer = await callJson(api.http, call);
      return answer.ok ? ok(undefined) : answer;
    },
  },
};

const toRegistered = ({ id, active, events, config }: JsonObject): Registered => ({
  id: readIdText(id) ?? '',
  url: isObject(config) ? (readText(config.url) ?? '') : '',
  events: textsOf(events),
  enabled: active === true,
});
