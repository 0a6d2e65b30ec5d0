import { callJson, textsOf } from '../../core/http/api-json.ts';
import { apiPath, apiUrl } from '../../core/http/api-url.ts';
import { idOfLast, readList } from '../../core/http/read-list.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Registered, Registration, Wanted } from '../../core/registration.ts';
import { ok } from '../../core/result.ts';
import { readIdText, readText } from '../../core/schemes/fields.ts';

const PATH = 'v1/webhook_endpoints';

/** Stripe takes forms: `enabled_events[]` once per event type. */
const formOf = ({ url, events }: Wanted, more: Record<string, string> = {}): string => {
  const form = new URLSearchParams({ url, ...more });
  for (const event of events) form.append('enabled_events[]', event);
  return form.toString();
};

/** Stripe's webhook endpoints, by its reference. Stripe makes the secret, and tells it in the answer that makes the endpoint. */
export const stripeRegistration: Registration = {
  settings: ['baseUrl'],
  defaultEvents: ['*'],
  async list({ http, options }) {
    const pageAfter = (id?: string) => apiUrl(options, PATH, { limit: '100', starting_after: id });
    const page = async (url: string) => {
      const answer = await callJson(http, { method: 'GET', url });
      if (!answer.ok) return answer;
      const { data: entries, has_more: hasMore } = answer.value;
      return ok({ entries, next: hasMore === true ? pageAfter(idOfLast(entries)) : undefined });
    };
    return readList(pageAfter(), page, toRegistered);
  },
  async create(wanted, { http, options }) {
    const answer = await callJson(formHttp(http, formOf(wanted)), { method: 'POST', url: apiUrl(options, PATH) });
    return answer.ok ? ok({ ...toRegistered(answer.value), secret: readText(answer.value.secret) }) : answer;
  },
  async update(id, wanted, { http, options }) {
    const form = formHttp(http, formOf(wanted, { disabled: 'false' }));
    const answer = await callJson(form, { method: 'POST', url: apiUrl(options, `${PATH}${apiPath`/${id}`}`) });
    return answer.ok ? ok(undefined) : answer;
  },
  upkeep: {
    // Stripe can switch an endpoint off that fails for days. An endpoint that is gone was deleted by a person.
    recreates: false,
    async enable({ id }, { http, options }) {
      const form = formHttp(http, new URLSearchParams({ disabled: 'false' }).toString());
      const answer = await callJson(form, { method: 'POST', url: apiUrl(options, `${PATH}${apiPath`/${id}`}`) });
      return answer.ok ? ok(undefined) : answer;
    },
  },
};

/** The same call with a form as its body. */
const formHttp =
  (http: Parameters<typeof callJson>[0], body: string): Parameters<typeof callJson>[0] =>
  (request) =>
    http({ ...request, body, headers: { ...request.headers, 'content-type': 'application/x-www-form-urlencoded' } });

const toRegistered = ({ id, url, enabled_events: events, status }: JsonObject): Registered => ({
  id: readIdText(id) ?? '',
  url: readText(url) ?? '',
  events: textsOf(events),
  enabled: status === 'enabled',
});
