import { callJson, textsOf } from '../../core/http/api-json.ts';
import type { Registration, Wanted } from '../../core/registration.ts';
import { ok } from '../../core/result.ts';
import { readIdText, readText } from '../../core/schemes/fields.ts';
import type { Options } from '../../core/envelope.ts';
import { optumHeaders, optumUrl } from './api.ts';

const bodyOf = ({ url, events, secret }: Wanted) => ({ url, eventNames: events, auth: { apiKey: { key: secret } } });

/** The collection is the subscription's own path without its end. */
const collection = (options: Options): string => optumUrl(options, 'updatePath').replace(/\/[^/]*$/, '');

/**
 * Optum's subscription: `POST` makes one with the secret that the deployment has made, and `PUT` changes it. A source names one
 * subscription, which is in its way if it has another URL. Before the first event Optum makes a handshake, which the gateway
 * answers.
 */
export const optumRegistration: Registration = {
  settings: ['baseUrl', 'tokenUrl', 'tenantId', 'subscriptionId'],
  defaultEvents: [],
  single: true,
  async list({ http, options }) {
    const call = { method: 'GET', url: optumUrl(options, 'updatePath'), headers: optumHeaders(options) } as const;
    const answer = await callJson(http, call);
    if (!answer.ok) return answer.reason === 'http_404' ? ok([]) : answer;
    const { id = options.subscriptionId, url, eventNames } = answer.value;
    return ok([{ id: readIdText(id) ?? '', url: readText(url) ?? '', events: textsOf(eventNames), enabled: true }]);
  },
  async create(wanted, { http, options }) {
    const call = { method: 'POST', url: collection(options), headers: optumHeaders(options) } as const;
    const answer = await callJson(http, { ...call, json: bodyOf(wanted) });
    if (!answer.ok) return answer;
    return ok({ id: readIdText(answer.value.id) ?? '', url: wanted.url, events: wanted.events, enabled: true });
  },
  async update(_id, wanted, { http, options }) {
    const call = { method: 'PUT', url: optumUrl(options, 'updatePath'), headers: optumHeaders(options) } as const;
    const answer = await callJson(http, { ...call, json: bodyOf(wanted) });
    return answer.ok ? ok(undefined) : answer;
  },
};
