import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = 'test/fixtures/fhir/notifications';
type Json = Record<string, unknown>;

/** The text of a notification, by its path without the extension: `r5/handshake`. */
export const example = (name: string): string => readFileSync(`${FOLDER}/${name}.json`, 'utf8');

/** The names of all notifications in a folder. */
export const examplesIn = (folder: string): string[] =>
  readdirSync(`${FOLDER}/${folder}`).map((file) => `${folder}/${file.replace(/\.json$/, '')}`);

export interface EventSpec {
  readonly number?: unknown;
  readonly focus?: string;
  readonly time?: string;
}

export interface NotificationSpec {
  readonly type?: string;
  readonly subscription?: unknown;
  readonly status?: string;
  readonly topic?: string;
  readonly count?: unknown;
  readonly events?: readonly EventSpec[];
  readonly bundleId?: string;
  readonly more?: readonly Json[];
  readonly format?: 'r4' | 'r5';
}

/** A notification of a server, in the form of R4 with the Backport or of R5. */
export function notification(spec: NotificationSpec = {}): string {
  const { bundleId = 'bundle-1', more = [], format = 'r4' } = spec;
  return JSON.stringify({
    ...{ resourceType: 'Bundle', id: bundleId, type: format === 'r4' ? 'history' : 'subscription-notification' },
    timestamp: '2026-03-01T09:29:59Z',
    entry: [{ fullUrl: 'urn:uuid:1', resource: format === 'r4' ? parameters(spec) : status(spec) }, ...more],
  });
}

const COMMON = { type: 'event-notification', subscription: 'Subscription/7', status: 'active', events: [] } as const;

/** The status of R4: parameters. */
export function parameters(spec: NotificationSpec): Json {
  const { type, subscription, status: of, topic, count, events } = { ...COMMON, ...spec };
  return {
    resourceType: 'Parameters',
    parameter: [
      {
        name: 'subscription',
        valueReference: typeof subscription === 'string' ? { reference: subscription } : subscription,
      },
      ...(topic === undefined ? [] : [{ name: 'topic', valueCanonical: topic }]),
      { name: 'status', valueCode: of },
      { name: 'type', valueCode: type },
      ...(count === undefined ? [] : [{ name: 'events-since-subscription-start', valueString: count }]),
      ...events.map(({ number, focus, time }: EventSpec) => ({
        name: 'notification-event',
        part: [
          ...(number === undefined ? [] : [{ name: 'event-number', valueString: number }]),
          ...(time === undefined ? [] : [{ name: 'timestamp', valueInstant: time }]),
          ...(focus === undefined ? [] : [{ name: 'focus', valueReference: { reference: focus } }]),
        ],
      })),
    ],
  };
}

function status(spec: NotificationSpec): Json {
  const { type, subscription, status: of, topic, count, events } = { ...COMMON, ...spec };
  return {
    ...{ resourceType: 'SubscriptionStatus', type, status: of, topic, eventsSinceSubscriptionStart: count },
    subscription: typeof subscription === 'string' ? { reference: subscription } : subscription,
    notificationEvent: events.map(({ number, focus, time }: EventSpec) => ({
      ...{ eventNumber: number, timestamp: time },
      ...(focus !== undefined && { focus: { reference: focus } }),
    })),
  };
}
