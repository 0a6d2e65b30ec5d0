import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';

/** A field of a status, by its name as an element (R4B, R5) and as a parameter (R4 with the Backport). */
const PARAMETERS = {
  type: 'type',
  subscription: 'subscription',
  status: 'status',
  topic: 'topic',
  error: 'error',
  eventsSinceSubscriptionStart: 'events-since-subscription-start',
  notificationEvent: 'notification-event',
  eventNumber: 'event-number',
  timestamp: 'timestamp',
  focus: 'focus',
} as const;

export type Field = keyof typeof PARAMETERS;

/** A value of a field, and where it is below the object that has the field. */
export interface FieldValue {
  readonly value: unknown;
  readonly pointer: string;
}

/** The values of each field of a status, or of one of its events: none if the field is absent. */
export type Fields = (field: Field) => readonly FieldValue[];

/** The fields of a status; undefined if the resource is not one. */
export function fieldsOfStatus(resource: unknown): Fields | undefined {
  if (!isObject(resource)) return undefined;
  if (resource.resourceType === 'SubscriptionStatus') return elements(resource);
  if (resource.resourceType === 'AidboxSubscriptionStatus')
    return elements({ ...resource, subscription: resource['topic-destination'] });
  if (resource.resourceType !== 'Parameters') return undefined;
  const fields = parameters(resource.parameter, '/parameter');
  return fields('type').length > 0 && fields('subscription').length > 0 ? fields : undefined;
}

/** The fields of an event, which is an element of a status, or a parameter with parts. */
export const fieldsOfEvent = (event: JsonObject): Fields =>
  event.name === PARAMETERS.notificationEvent && 'part' in event ? parameters(event.part, '/part') : elements(event);

/** The one value of a field; undefined if there is none, or several, because it is never guessed which is meant. */
export function oneOf(fields: Fields, field: Field): unknown {
  const [first, ...more] = fields(field);
  return more.length === 0 ? first?.value : undefined;
}

const elements =
  (resource: JsonObject): Fields =>
  (field) => {
    if (!Object.hasOwn(resource, field)) return [];
    const value = resource[field];
    if (!Array.isArray(value)) return value === undefined ? [] : [{ value, pointer: `/${field}` }];
    return (value as readonly unknown[]).map((each, index) => ({ value: each, pointer: `/${field}/${index}` }));
  };

/** Parameters come in any order, among others that are unknown here. Each is looked at once. */
function parameters(list: unknown, at: string): Fields {
  const byName = new Map<unknown, FieldValue[]>();
  for (const [index, parameter] of (Array.isArray(list) ? (list as readonly unknown[]) : []).entries()) {
    if (!isObject(parameter)) continue;
    const value = Object.hasOwn(parameter, 'part') ? parameter : valueOf(parameter);
    const known = byName.get(parameter.name);
    const found = { value, pointer: `${at}/${index}` };
    if (known) known.push(found);
    else byName.set(parameter.name, [found]);
  }
  return (field) => byName.get(PARAMETERS[field]) ?? [];
}

/** `valueString`, `valueCode`, `valueReference`: servers do not agree on which. */
const valueOf = (parameter: JsonObject): unknown =>
  Object.entries(parameter).find(([name]) => name.startsWith('value'))?.[1];
