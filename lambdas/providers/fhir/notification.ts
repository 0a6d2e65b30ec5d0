import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { readText } from '../../core/schemes/fields.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { fieldsOfEvent, fieldsOfStatus, oneOf } from './status-fields.ts';
import type { Fields } from './status-fields.ts';
import { objectsIn, readLink, readNumber, readTarget } from './values.ts';

/** A notification's statements about its Subscription: the same for R4 with the Backport, R4B and R5. */
export interface Notification {
  /** `handshake`, `heartbeat`, `event-notification`, `query-status`, `query-event`, or a word that the standard does not have. */
  readonly type: string | undefined;
  /** The Subscription's id, without its server. */
  readonly subscription: string | undefined;
  /** True if the notification names more than one Subscription, or several types. */
  readonly isAmbiguous: boolean;
  readonly status: string | undefined;
  readonly topic: string | undefined;
  /** The events since the Subscription was made, as digits: 64 bits do not fit into a number. */
  readonly count: string | undefined;
  readonly hasErrors: boolean;
  readonly events: readonly NotifiedEvent[];
}

/** One event of a notification. Number 0 is not among them: servers write it if there is no event. */
export interface NotifiedEvent {
  /** As digits; undefined if it is absent or not a number. */
  readonly number: string | undefined;
  /** The element's own id, which athenahealth names the event by. */
  readonly id: string | undefined;
  readonly time: Date | undefined;
  /** The reference to the resource that the event is about. */
  readonly focus: string | undefined;
  /** Its place in the body, as a JSON pointer. */
  readonly pointer: string;
  /** As it was parsed. */
  readonly element: JsonObject;
}

/** The notification in a Bundle; undefined if there is not exactly one status in it. */
export function readNotification(bundle: JsonObject): Notification | undefined {
  const [first, ...more] = readStatuses(bundle);
  return more.length === 0 ? first : undefined;
}

/** The statuses in a Bundle, wherever they are among its entries: the answer to `$status` may hold several. */
export function readStatuses(bundle: JsonObject): readonly Notification[] {
  if (bundle.resourceType !== 'Bundle') {
    const fields = fieldsOfStatus(bundle);
    return fields ? [notificationOf(fields, '')] : [];
  }
  if (!Array.isArray(bundle.entry)) return [];
  return (bundle.entry as readonly unknown[]).flatMap((entry, index) => {
    const fields = isObject(entry) ? fieldsOfStatus(entry.resource) : undefined;
    return fields ? [notificationOf(fields, `/entry/${index}/resource`)] : [];
  });
}

function notificationOf(fields: Fields, pointer: string): Notification {
  const events = fields('notificationEvent').flatMap(({ value, pointer: at }) =>
    isObject(value) ? [eventOf(value, pointer + at)] : [],
  );
  return {
    type: readText(oneOf(fields, 'type')),
    subscription: subscriptionIn(readLink(oneOf(fields, 'subscription'))),
    isAmbiguous: fields('subscription').length > 1 || fields('type').length > 1,
    status: readText(oneOf(fields, 'status')),
    topic: readText(oneOf(fields, 'topic')),
    count: readNumber(oneOf(fields, 'eventsSinceSubscriptionStart')),
    hasErrors: fields('error').length > 0,
    events: events.filter(({ number }) => number !== '0'),
  };
}

function eventOf(element: JsonObject, pointer: string): NotifiedEvent {
  const fields = fieldsOfEvent(element);
  return {
    number: readNumber(oneOf(fields, 'eventNumber')),
    id: readText(element.id),
    time: parseIsoTime(oneOf(fields, 'timestamp')),
    focus: readLink(oneOf(fields, 'focus')),
    pointer,
    element,
  };
}

/** The id of the Subscription that a reference names: the same one by whatever address. */
const subscriptionIn = (reference: string | undefined): string | undefined =>
  readTarget(reference)?.id ?? /^urn:uuid:([\w-]{1,64})$/.exec(reference ?? '')?.[1];

/** The facts that an entry of a Bundle states about its resource: how it was changed, and its version. */
export interface EntryOfResource {
  readonly method: string | undefined;
  readonly version: string | undefined;
}

export function readEntries(bundle: JsonObject): ReadonlyMap<string, EntryOfResource> {
  const entries = new Map<string, EntryOfResource>();
  for (const { fullUrl, resource, request } of objectsIn(bundle.entry)) {
    const { resourceType, id, meta } = isObject(resource) ? resource : {};
    const target = readTarget(readText(fullUrl)) ?? readTarget(`${readText(resourceType) ?? ''}/${readText(id) ?? ''}`);
    if (!target) continue;
    const method = isObject(request) ? readText(request.method) : undefined;
    const version = isObject(meta) ? readText(meta.versionId) : undefined;
    entries.set(`${target.type}/${target.id}`, { method, version });
  }
  return entries;
}
