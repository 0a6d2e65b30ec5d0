import { callJson } from '../../core/http/api-json.ts';
import { apiPath, apiUrl } from '../../core/http/api-url.ts';
import { idOfLast, readList } from '../../core/http/read-list.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Registered, Registration } from '../../core/registration.ts';
import { ok } from '../../core/result.ts';
import { readIdText, readText } from '../../core/schemes/fields.ts';

const PATH = 'notification-settings';

/** Paddle's notification destinations, by its reference. Paddle makes the secret, and tells it with the destination. */
export const paddleRegistration: Registration = {
  settings: ['baseUrl'],
  defaultEvents: ['transaction.completed'],
  async list({ http, options }) {
    const pageAfter = (id?: string) => apiUrl(options, PATH, { per_page: '200', after: id });
    const page = async (url: string) => {
      const answer = await callJson(http, { method: 'GET', url });
      if (!answer.ok) return answer;
      const { data: entries, meta } = answer.value;
      const { pagination } = isObject(meta) ? meta : {};
      const hasMore = isObject(pagination) && pagination.has_more === true;
      return ok({ entries, next: hasMore ? pageAfter(idOfLast(entries)) : undefined });
    };
    return readList(pageAfter(), page, toRegistered);
  },
  async create({ url, events }, { http, options }) {
    const json = { description: 'Hookgate', type: 'url', destination: url, subscribed_events: events };
    const answer = await callJson(http, { method: 'POST', url: apiUrl(options, PATH), json });
    if (!answer.ok) return answer;
    const data = isObject(answer.value.data) ? answer.value.data : {};
    return ok({ ...toRegistered(data), secret: readText(data.endpoint_secret_key) });
  },
  async update(id, { url, events }, { http, options }) {
    const json = { destination: url, subscribed_events: events, active: true };
    const answer = await callJson(http, { method: 'PATCH', url: apiUrl(options, `${PATH}${apiPath`/${id}`}`), json });
    return answer.ok ? ok(undefined) : answer;
  },
};

const toRegistered = ({ id, destination, subscribed_events: events, active }: JsonObject): Registered => ({
  id: readIdText(id) ?? '',
  url: readText(destination) ?? '',
  // Each is a text, or an object with a name.
  events: (Array.isArray(events) ? events : []).flatMap(
    (event) => readText(isObject(event) ? event.name : event) ?? [],
  ),
  enabled: active !== false,
});
