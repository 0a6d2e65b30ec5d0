import { jsonBody } from '../fake-api.ts';
import { given, texts } from './dialect.ts';
import type { Dialect } from './dialect.ts';

/** The providers with whom a URL is registered by an API, as their references say. */
export const DIALECTS: Readonly<Record<string, Dialect>> = {
  osigu: {
    prefix: 'sub_',
    list: /^\/osigu\/webhooks\/v1\/subscriptions$/,
    write: ({ id, url, events, enabled }) => ({ id, url, event_types: events, active: enabled }),
    wrap: (data) => ({ data }),
    read: (request) => {
      const { url, event_types: events } = jsonBody(request);
      return given({ url: String(url), events: texts(events) });
    },
  },
  github: {
    prefix: '',
    list: /^\/github\/repos\/octo\/example\/hooks$/,
    one: /^\/github\/repos\/octo\/example\/hooks\/(\d+)$/,
    changes: ['PATCH'],
    write: ({ id, url, events, enabled }) => ({
      ...{ id: Number(id), type: 'Repository', name: 'web', active: enabled, events },
      config: { url, content_type: 'json', insecure_ssl: '0', secret: '********' },
    }),
    wrap: (entries) => entries,
    read: (request) => {
      const { config = {}, events, active } = jsonBody(request);
      const { url, secret } = config as { readonly url?: string; readonly secret?: string };
      return given({ url, secret, events: texts(events), enabled: active === true });
    },
  },
  stripe: {
    prefix: 'we_',
    list: /^\/stripe\/v1\/webhook_endpoints$/,
    one: /^\/stripe\/v1\/webhook_endpoints\/(\w+)$/,
    changes: ['POST'],
    write: ({ id, url, events, enabled, secret }, isNew) => ({
      ...{ id, object: 'webhook_endpoint', url, enabled_events: events, status: enabled ? 'enabled' : 'disabled' },
      ...(isNew && { secret }),
    }),
    wrap: (data) => ({ object: 'list', data, has_more: false }),
    read: ({ body }) => {
      const form = new URLSearchParams(body.toString('utf8'));
      const events = form.getAll('enabled_events[]');
      return given({
        ...{ url: form.get('url') ?? undefined, events: events.length > 0 ? events : undefined },
        enabled: form.get('disabled') !== 'true',
      });
    },
  },
  svix: {
    prefix: 'ep_',
    list: /^\/svix\/api\/v1\/app\/app_local\/endpoint$/,
    one: /^\/svix\/api\/v1\/app\/app_local\/endpoint\/(\w+)$/,
    changes: ['PUT', 'PATCH'],
    write: ({ id, url, events, enabled }) => ({
      ...{ id, url, version: 1, disabled: !enabled },
      ...(!events.includes('*') && { filterTypes: events }),
    }),
    wrap: (data) => ({ data, done: true, iterator: null }),
    read: (request) => {
      const { url, filterTypes, disabled } = jsonBody(request);
      const isPart = request.method === 'PATCH';
      const whole = { url: String(url), events: texts(filterTypes) ?? ['*'] };
      return { ...(!isPart && whole), enabled: disabled !== true };
    },
  },
  paddle: {
    prefix: 'ntfset_',
    list: /^\/paddle\/notification-settings$/,
    one: /^\/paddle\/notification-settings\/(\w+)$/,
    changes: ['PATCH'],
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
