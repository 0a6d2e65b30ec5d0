import { randomUUID } from 'node:crypto';

/** An event as a server has it. Its number is its place, from 1 on. */
export interface FakeEvent {
  readonly number: number;
  readonly focus: string;
  readonly time: string;
}

export const FORMATS = ['r4', 'r4b', 'r5'] as const;
export type Format = (typeof FORMATS)[number];

export interface FakeNotification {
  readonly type: string;
  readonly subscription: string;
  readonly status: string;
  readonly count: number;
  readonly events: readonly FakeEvent[];
  readonly format: Format;
}

const TOPIC = 'https://fhir.example.com/SubscriptionTopic/admission';

/** A notification, or the answer to a query. Its Bundle has another id each time, as at the servers. */
export function bundleOf(notification: FakeNotification): Readonly<Record<string, unknown>> {
  const { format, subscription } = notification;
  const isR5 = format === 'r5';
  const request = { method: 'GET', url: `Subscription/${subscription}/$status` };
  return {
    ...{ resourceType: 'Bundle', id: randomUUID(), type: isR5 ? 'subscription-notification' : 'history' },
    timestamp: new Date().toISOString(),
    entry: [
      {
        fullUrl: `urn:uuid:${randomUUID()}`,
        resource: format === 'r4' ? parameters(notification) : statusResource(notification),
        ...(!isR5 && { request, response: { status: '200' } }),
      },
    ],
  };
}

const referenceTo = (subscription: string) => ({ reference: `https://fhir.example.com/Subscription/${subscription}` });

const parameters = ({ type, subscription, status, count, events }: FakeNotification) => ({
  resourceType: 'Parameters',
  parameter: [
    { name: 'subscription', valueReference: referenceTo(subscription) },
    { name: 'topic', valueCanonical: TOPIC },
    { name: 'status', valueCode: status },
    { name: 'type', valueCode: type },
    { name: 'events-since-subscription-start', valueString: String(count) },
    ...events.map(({ number, focus, time }) => ({
      name: 'notification-event',
      part: [
        { name: 'event-number', valueString: String(number) },
        { name: 'timestamp', valueInstant: time },
        { name: 'focus', valueReference: { reference: focus } },
      ],
    })),
  ],
});

const statusResource = ({ type, subscription, status, count, events }: FakeNotification) => ({
  ...{ resourceType: 'SubscriptionStatus', status, type, eventsSinceSubscriptionStart: String(count) },
  notificationEvent: events.map(({ number, focus, time }) => ({
    ...{ eventNumber: String(number), timestamp: time, focus: { reference: focus } },
  })),
  subscription: referenceTo(subscription),
  topic: TOPIC,
});
