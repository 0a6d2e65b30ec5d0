import { jsonBody } from '../fake-api.ts';
import { given, texts } from './dialect.ts';
import type { Dialect, FakeRegistration } from './dialect.ts';

const DAY_MS = 86_400_000;
const MOST_MINUTES = 4230;
/** Days that a subscription of the stand-in for Oura lasts: Oura publishes none. */
const OURA_DAYS = 30;

/** The providers whose registrations end by themselves, or are given up by the provider. */
export const ENDING: Readonly<Record<string, Dialect>> = {
  'microsoft-graph': {
    prefix: 'graph-',
    list: /^\/graph\/subscriptions$/,
    one: /^\/graph\/subscriptions\/([\w-]+)$/,
    changes: ['PATCH'],
    by: 'client',
    write: ({ id, url, events, expiresAt }) => ({
      ...{ id, resource: LOCAL_GRAPH.resource, changeType: events.join(','), notificationUrl: url },
      expirationDateTime: expiresAt?.toISOString(),
    }),
    wrap: (value) => ({ value }),
    read(request, now) {
      const { notificationUrl: url, changeType, clientState, expirationDateTime } = jsonBody(request);
      const asked = new Date(String(expirationDateTime)).getTime();
      return given({
        ...{ url: textOf(url), events: textOf(changeType)?.split(','), secret: textOf(clientState) },
        expiresAt: new Date(Math.min(asked, now + MOST_MINUTES * 60_000)),
      });
    },
  },
  airtable: {
    prefix: 'ach',
    list: /^\/airtable\/bases\/appLocal\/webhooks$/,
    one: /^\/airtable\/bases\/appLocal\/webhooks\/(\w+)$/,
    deletes: ({ pathname }) => /\/webhooks\/(\w+)$/.exec(pathname)?.[1],
    calls: [
      {
        route: /^POST \/airtable\/bases\/appLocal\/webhooks\/(\w+)\/refresh$/,
        act(entry, now) {
          entry.expiresAt = new Date(now + 7 * DAY_MS);
          return { expirationTime: entry.expiresAt.toISOString() };
        },
      },
      {
        route: /^POST \/airtable\/bases\/appLocal\/webhooks\/(\w+)\/enableNotifications$/,
        act(entry, _now, request) {
          entry.enabled = jsonBody(request).enable === true;
          return '';
        },
      },
    ],
    write: ({ id, url, events, enabled, secret, expiresAt }, isNew) => ({
      ...{ id, expirationTime: expiresAt?.toISOString() },
      ...(isNew
        ? { macSecretBase64: secret }
        : { type: 'client', notificationUrl: url, isHookEnabled: true, areNotificationsEnabled: enabled }),
      ...(!isNew && { specification: { options: { filters: { dataTypes: events } } } }),
    }),
    wrap: (webhooks) => ({ webhooks }),
    read(request, now) {
      const { notificationUrl, specification } = jsonBody(request);
      const { options } = specification as { readonly options: { readonly filters: { readonly dataTypes: unknown } } };
      const events = texts(options.filters.dataTypes);
      return given({ url: textOf(notificationUrl), events, expiresAt: new Date(now + 7 * DAY_MS) });
    },
  },
  twitch: {
    prefix: 'twitch-',
    list: /^\/twitch\/eventsub\/subscriptions$/,
    by: 'client',
    deletes: ({ searchParams }) => searchParams.get('id') ?? undefined,
    isTaken: ({ events }, wanted) => events.join() === wanted.events?.join(),
    write: ({ id, url, events: [event = ''], enabled, revoked }) => {
      const [type, query] = event.split('?');
      return {
        ...{ id, type, version: '1', condition: Object.fromEntries(new URLSearchParams(query)), cost: 0 },
        status: enabled ? 'enabled' : revoked === true ? 'authorization_revoked' : 'notification_failures_exceeded',
        transport: { method: 'webhook', callback: url },
      };
    },
    wrap: (data) => ({ total: data.length, data, pagination: {} }),
    wrapOne: (entry) => ({ data: [entry], total: 1 }),
    read(request) {
      const { type, condition, transport } = jsonBody(request);
      const { callback, secret } = transport as { readonly callback: string; readonly secret: string };
      const query = new URLSearchParams(condition as Record<string, string>).toString();
      return { url: callback, secret, events: [query === '' ? String(type) : `${String(type)}?${query}`] };
    },
  },
  jira: {
    prefix: '',
    list: /^\/jira\/rest\/api\/3\/webhook$/,
    by: 'client',
    calls: [
      {
        // The id is in the body: the only one that is asked for.
        route: /^PUT \/jira\/rest\/api\/3\/webhook\/refresh$/,
        idOf: (request) => String((jsonBody(request).webhookIds as readonly unknown[])[0]),
        act(entry, now) {
          entry.expiresAt = new Date(now + 30 * DAY_MS);
          return { expirationDate: jiraTime(entry.expiresAt) };
        },
      },
    ],
    write: ({ id, url, events, expiresAt }, isNew) =>
      isNew
        ? { createdWebhookId: Number(id) }
        : { id: Number(id), jqlFilter: LOCAL_JQL, url, events, expirationDate: jiraTime(expiresAt) },
    wrap: (values) => ({ isLast: true, maxResults: 100, startAt: 0, total: values.length, values }),
    wrapOne: (result) => ({ webhookRegistrationResult: [result] }),
    read(request, now) {
      const { url, webhooks } = jsonBody(request);
      const [{ events }] = webhooks as readonly [{ readonly events: unknown }];
      return given({ url: textOf(url), events: texts(events), expiresAt: new Date(now + 30 * DAY_MS) });
    },
  },
  oura: {
    prefix: 'oura-',
    list: /^\/oura\/webhook\/subscription$/,
    by: { header: 'x-client-secret' },
    isTaken: ({ url, events }, wanted) => url === wanted.url && events.join() === wanted.events?.join(),
    calls: [
      {
        route: /^PUT \/oura\/webhook\/subscription\/renew\/([\w-]+)$/,
        act(entry, now) {
          entry.expiresAt = new Date(now + OURA_DAYS * DAY_MS);
          return writeOura(entry);
        },
      },
    ],
    write: writeOura,
    wrap: (entries) => entries,
    read(request, now) {
      const { callback_url: url, verification_token: secret, data_type, event_type } = jsonBody(request);
      return given({
        ...{ url: textOf(url), secret: textOf(secret), events: [`${String(data_type)}.${String(event_type)}`] },
        expiresAt: new Date(now + OURA_DAYS * DAY_MS),
      });
    },
  },
};

/** Its times are without a zone, as some of Oura's are. */
function writeOura({ id, url, events: [event = ''], expiresAt }: FakeRegistration): unknown {
  const at = event.lastIndexOf('.');
  return {
    ...{ id, callback_url: url, data_type: event.slice(0, at), event_type: event.slice(at + 1) },
    expiration_time: expiresAt?.toISOString().replace('Z', ''),
  };
}

/** Its zone has no colon. */
const jiraTime = (time: Date | undefined): string | undefined => time?.toISOString().replace('Z', '+0000');

/** The filter of the stand-in's webhooks. */
export const LOCAL_JQL = 'project = EX';

/** The resource that the stand-in for Graph watches. */
export const LOCAL_GRAPH = { resource: 'users/naive/messages' } as const;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
