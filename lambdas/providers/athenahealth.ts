import { defineProvider } from '../core/provider.ts';
import { plain } from '../core/schemes/forms.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { noteOf } from './fhir/note.ts';
import { readEventsBy } from './fhir/read-events.ts';

/**
 * athenahealth's FHIR Subscriptions, by its README of aone-fhir-subscriptions (0.11): a notification as R4B has it, and
 * `X-Hub-Signature: sha256=<hex>` of the exact bytes. Event numbers are relative to the notification: an event is named by the
 * `id` of its element, which is that of its AuditEvent.
 */
export const athenahealth = defineProvider({
  name: 'athenahealth',
  title: 'athenahealth',
  field: 'health',
  documents: { source: 'https://github.com/athenahealth/aone-fhir-subscriptions', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: hmac({
    hash: 'sha256',
    key: 'utf8',
    signature: { header: 'x-hub-signature', encoding: 'hex', form: plain({ prefix: 'sha256=' }) },
    signed: ['body'],
  }),
  // The subscriber states it as `X-Hub-Secret`.
  secret: { madeBy: 'customer' },
  identity: 'body',
  batches: true,
  rejectionStatus: 401,
  acknowledgeWithinMs: 2_000,
  // After an hour of retries an event is in a queue on their side, and is sent again for up to seven days.
  retryHorizonSeconds: 7 * 86_400,
  options: {},

  readEvents: (received) => readEventsBy('event-id', received),
  noteOf,

  sample({ id, now, type = 'Appointment.schedule' }) {
    const subscription = 'Subscription/62865e96-3fe4-3f6f-b476-b8eb87b90892';
    const system = 'urn:athenahealth:athenanet:appointment:195900';
    const event = { id, eventNumber: '1', timestamp: now.toISOString(), focus: { identifier: { system, value: '2' } } };
    const status = {
      ...{ resourceType: 'SubscriptionStatus', status: 'active', type: 'event-notification' },
      ...{ eventsSinceSubscriptionStart: '1', eventsInNotification: 1, notificationEvent: [event] },
      subscription: { reference: subscription },
      topic: `https://api.platform.athenahealth.com/fhir/r4/SubscriptionTopic/${type}`,
    };
    const request = { method: 'GET', url: `${subscription}/$status` };
    return JSON.stringify({
      ...{ resourceType: 'Bundle', type: 'history', timestamp: now.toISOString() },
      entry: [{ resource: status, request, response: { status: '200' } }],
    });
  },
});
