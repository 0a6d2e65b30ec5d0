import { MAX_COPIED_BYTES } from '../../core/batch.ts';
import type { Envelope } from '../../core/envelope.ts';
import { keyOfBody } from '../../core/event-key.ts';
import { fingerprintOf, NO_FINGERPRINT } from '../../core/fingerprint.ts';
import { sha256 } from '../../core/hash.ts';
import { isObject, isTooDeep, writeJson } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Received } from '../../core/received.ts';
import { readText } from '../../core/schemes/fields.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';
import { readEntries, readNotification } from './notification.ts';
import type { EntryOfResource, Notification, NotifiedEvent } from './notification.ts';
import { readTarget, targetName } from './values.ts';

/**
 * The names that an event can have: its number in its Subscription, as the standard has it; the Bundle; the resource in its
 * version; or the element's own id. The name is stated and never guessed, because servers that count otherwise than the standard
 * write the same fields.
 */
export const DIALECTS = ['standard', 'bundle-id', 'focus-version', 'event-id'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Control types, which the standard lets come without an event. */
const WITHOUT_EVENTS = ['handshake', 'heartbeat'];
const UNEXPECTED: Envelope = { quarantine: 'unexpected_notification' };

/**
 * The events of a notification, each with the whole notification as its body and a pointer to its own part. Another try may cut the
 * events into other batches, with another Bundle id and time: neither is any event's identity.
 */
export function readEventsBy(dialect: Dialect, received: Received): readonly Envelope[] {
  const { json, body, options } = received;
  if (isTooDeep(json)) return [UNEXPECTED];
  if (dialect === 'focus-version' && json.resourceType !== 'Bundle' && json.resourceType !== undefined)
    return [readResource(json)];
  const notification = readNotification(json);
  if (!notification) return [UNEXPECTED];
  const { events, type, isAmbiguous } = notification;
  const isControl = WITHOUT_EVENTS.includes(type ?? '') && !isAmbiguous;
  if (events.length === 0) return isControl ? [] : [UNEXPECTED];
  if (events.length * body.length > MAX_COPIED_BYTES) return [UNEXPECTED];
  const keyOf = keyReader(dialect, json, notification, options);
  const isOthers =
    typeof options.subscription === 'string' && subscriptionOf(notification, options) !== options.subscription;
  return withoutRepeats(
    events.map((event, index) => {
      const key = isAmbiguous ? undefined : keyOf(event, index);
      return {
        key: key ?? keyOfBody(sha256(`${notification.subscription ?? ''}/${writeJson(event.element)}`)),
        type: typeOf(notification, event),
        time: event.time,
        pointer: event.pointer,
        fingerprint: fingerprintOf(focusName(event), event.time?.toISOString()),
        ...(key === undefined
          ? { quarantine: 'no_event_id' as const }
          : isOthers && { quarantine: 'wrong_subscription' as const }),
      };
    }),
  );
}

/** The key of the event of a number: from it follows which events are missing, without a look at any of them. */
export const standardKey = (subscription: string, number: string, options: Received['options']): string =>
  `${prefixOf(options)}${subscription}/${number}`;

const prefixOf = ({ generation }: Received['options']): string =>
  typeof generation === 'string' ? `${generation}:` : '';

/** A Subscription that is named by an identifier alone is the one that the source is for. */
const subscriptionOf = (
  { subscription, isAmbiguous }: Notification,
  options: Received['options'],
): string | undefined => subscription ?? (isAmbiguous ? undefined : readText(options.subscription));

function keyReader(
  dialect: Dialect,
  bundle: JsonObject,
  notification: Notification,
  options: Received['options'],
): (event: NotifiedEvent, index: number) => string | undefined {
  const prefix = prefixOf(options);
  const subscription = subscriptionOf(notification, options);
  switch (dialect) {
    case 'standard':
      return ({ number }) =>
        number === undefined || subscription === undefined ? undefined : standardKey(subscription, number, options);
    case 'bundle-id': {
      const id = readText(bundle.id);
      const isOne = notification.events.length === 1;
      // No id has a slash in it (FHIR, `id`); with one, two Bundles could have the same key.
      const isId = id !== undefined && !id.includes('/');
      return (_event, index) => (isId ? `${prefix}${id}${isOne ? '' : `/${index}`}` : undefined);
    }
    case 'event-id':
      return ({ id }) => (id === undefined ? undefined : prefix + id);
    case 'focus-version': {
      const entries = readEntries(bundle);
      return (event) => versionKey(event, entries, `${prefix}${subscription ?? ''}`);
    }
  }
}

/** A resource in one version; its event's time is in the version's place if the notification holds no resource. */
function versionKey(
  event: NotifiedEvent,
  entries: ReadonlyMap<string, EntryOfResource>,
  before: string,
): string | undefined {
  const target = readTarget(event.focus);
  if (!target) return undefined;
  const entry = entries.get(targetName(target));
  const version = target.version ?? entry?.version ?? event.time?.toISOString();
  return version === undefined ? undefined : `${before}/${entry?.method ?? '-'} ${targetName(target)}/${version}`;
}

/** A resource that comes without a Bundle, as servers send it whose Subscriptions have criteria. */
export function readResource({ resourceType, id, meta }: JsonObject): Envelope {
  const { versionId, lastUpdated } = isObject(meta) ? meta : {};
  const [type, name] = [readText(resourceType), readText(id)];
  const version = readText(versionId) ?? readText(lastUpdated);
  if (type === undefined) return { quarantine: 'no_event_type' };
  const isCut = `${type}${name ?? ''}`.includes('/');
  if (name === undefined || version === undefined || isCut) return { type, quarantine: 'no_event_id' };
  // A part that is signed again at each try, such as an attachment's URL, does not make it a new event.
  return { key: `${type}/${name}/${version}`, type, time: parseIsoTime(lastUpdated), fingerprint: NO_FINGERPRINT };
}

/** The topic's last segment, without its version; else the type of the resource; a topic need not be stated. */
function typeOf({ topic }: Notification, { focus }: NotifiedEvent): string {
  const [, name] = /([^/|]+)(?:\|[^/]*)?$/.exec(topic?.slice(-1000) ?? '') ?? [];
  return name !== undefined && name.length <= 128 ? name : (readTarget(focus)?.type ?? 'event');
}

function focusName({ focus }: NotifiedEvent): string | undefined {
  const target = readTarget(focus);
  return target ? targetName(target) : focus;
}

/** An event that a notification holds twice is one event. */
function withoutRepeats(envelopes: readonly Envelope[]): readonly Envelope[] {
  const seen = new Set<string>();
  return envelopes.filter(({ key, fingerprint }) => {
    const name = JSON.stringify([key, fingerprint]);
    return !seen.has(name) && seen.add(name);
  });
}
