import type { ApiAnswer, ApiRequest, FakeApi } from './fake-api.ts';
import { jsonBody, UNAUTHORIZED } from './fake-api.ts';
import { LOCAL_TOKEN } from './nvsep.ts';
import { bearerOf } from './token-endpoint.ts';

/** A registration as a stand-in keeps it. */
export interface FakeRegistration {
  readonly id: string;
  url: string;
  events: readonly string[];
  enabled: boolean;
  /** The secret that it was given, or that it has made. */
  secret: string;
}

export interface FakeRegistrations {
  readonly api: FakeApi;
  readonly entries: FakeRegistration[];
}

/** How a provider writes a registration, and where. */
interface Dialect {
  readonly list: RegExp;
  /** A registration by its id, the first part that the pattern names. */
  readonly one?: RegExp;
  /** The method that changes one. */
  readonly changes?: 'PUT' | 'PATCH' | 'POST';
  readonly write: (entry: FakeRegistration, isNew: boolean) => unknown;
  readonly wrap: (entries: readonly unknown[]) => unknown;
  readonly read: (request: ApiRequest) => Partial<FakeRegistration>;
  /** The answer that makes an entry, or shows one. */
  readonly wrapOne?: (entry: unknown) => unknown;
}

const texts = (value: unknown): string[] | undefined => (Array.isArray(value) ? value.map(String) : undefined);
const given = <Fields extends object>(fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;

const DIALECTS: Readonly<Record<string, Dialect>> = {
  osigu: {
    list: /^\/osigu\/webhooks\/v1\/subscriptions$/,
    write: ({ id, url, events, enabled }) => ({ id, url, event_types: events, active: enabled }),
    wrap: (data) => ({ data }),
    read: (request) => {
      const { url, event_types: events } = jsonBody(request);
      return given({ url: String(url), events: texts(events) }) as Partial<FakeRegistration>;
    },
  },
  github: {
    list: /^\/github\/repos\/octo\/example\/hooks$/,
    one: /^\/github\/repos\/octo\/example\/hooks\/(\d+)$/,
    changes: 'PATCH',
    write: ({ id, url, events, enabled }) => ({
      ...{ id: Number(id), type: 'Repository', name: 'web', active: enabled, events },
      config: { url, content_type: 'json', insecure_ssl: '0', secret: '********' },
    }),
    wrap: (entries) => entries,
    read: (request) => {
      const { config, events, active } = jsonBody(request);
      const { url, secret } = config as { readonly url: string; readonly secret: string };
      return { url, secret, events: texts(events) ?? [], enabled: active === true };
    },
  },
  stripe: {
    list: /^\/stripe\/v1\/webhook_endpoints$/,
    one: /^\/stripe\/v1\/webhook_endpoints\/(\w+)$/,
    changes: 'POST',
    write: ({ id, url, events, enabled, secret }, isNew) => ({
      ...{ id, object: 'webhook_endpoint', url, enabled_events: events, status: enabled ? 'enabled' : 'disabled' },
      ...(isNew && { secret }),
    }),
    wrap: (data) => ({ object: 'list', data, has_more: false }),
    read: ({ body }) => {
      const form = new URLSearchParams(body.toString('utf8'));
      return {
        url: form.get('url') ?? '',
        events: form.getAll('enabled_events[]'),
        enabled: form.get('disabled') !== 'true',
      };
    },
  },
  svix: {
    list: /^\/svix\/api\/v1\/app\/app_local\/endpoint$/,
    one: /^\/svix\/api\/v1\/app\/app_local\/endpoint\/(\w+)$/,
    changes: 'PUT',
    write: ({ id, url, events, enabled }) => ({
      ...{ id, url, version: 1, disabled: !enabled },
      ...(!events.includes('*') && { filterTypes: events }),
    }),
    wrap: (data) => ({ data, done: true, iterator: null }),
    read: (request) => {
      const { url, filterTypes, disabled } = jsonBody(request);
      return { url: String(url), events: texts(filterTypes) ?? ['*'], enabled: disabled !== true };
    },
  },
  paddle: {
    list: /^\/paddle\/notification-settings$/,
    one: /^\/paddle\/notification-settings\/(\w+)$/,
    changes: 'PATCH',
    write: ({ id, url, events, enabled, secret }) => ({
      ...{ id, type: 'url', destination: url, active: enabled, endpoint_secret_key: secret },
      subscribed_events: events.map((name) => ({ name })),
    }),
    wrap: (data) => ({ data }),
    wrapOne: (data) => ({ data }),
    read: (request) => {
      const { destination, subscribed_events: events, active } = jsonBody(request);
      return { url: String(destination), events: texts(events) ?? [], enabled: active !== false };
    },
  },
};

const PREFIXES: Readonly<Record<string, string>> = {
  github: '',
  stripe: 'we_',
  svix: 'ep_',
  paddle: 'ntfset_',
  osigu: 'sub_',
};

/** The stand-ins for the providers with whom a URL is registered by an API, as their references say. */
export const fakeRegistrations = (): Readonly<Record<string, FakeRegistrations>> =>
  Object.fromEntries(Object.entries(DIALECTS).map(([name, dialect]) => [name, registrations(name, dialect)]));

function registrations(name: string, { list, one, changes, write, wrap, read, wrapOne = (entry) => entry }: Dialect) {
  const entries: FakeRegistration[] = [];
  const answer = (request: ApiRequest): ApiAnswer | undefined => {
    const { method, url } = request;
    if (list.test(url.pathname)) {
      if (method === 'GET') return { status: 200, body: wrap(entries.map((entry) => write(entry, false))) };
      if (method !== 'POST') return undefined;
      const id = `${PREFIXES[name] ?? ''}${entries.length + 1}`;
      const secret = `whsec_${Buffer.alloc(24, entries.length + 1).toString('base64')}`;
      const entry = { id, url: '', events: [], enabled: true, secret, ...read(request) };
      entries.push(entry);
      return { status: 201, body: wrapOne(write(entry, true)) };
    }
    const secretOf = /^(.*)\/secret$/.exec(url.pathname)?.[1];
    const [, id] = one?.exec(secretOf ?? url.pathname) ?? [];
    const entry = entries.find((each) => each.id === id);
    if (!entry) return undefined;
    if (secretOf !== undefined) return method === 'GET' ? { status: 200, body: { key: entry.secret } } : undefined;
    if (method !== changes) return undefined;
    Object.assign(entry, read(request));
    return { status: 200, body: wrapOne(write(entry, false)) };
  };
  const api: FakeApi = (request) => {
    const path = request.url.pathname.replace(/\/secret$/, '');
    const found = list.test(path) || one?.test(path) === true;
    if (!found) return undefined;
    return bearerOf(request.headers.authorization) === LOCAL_TOKEN ? answer(request) : UNAUTHORIZED;
  };
  return { api, entries };
}
