import type { EventKey } from './event-key.ts';
import type { Event, EventIdentity, Superseding } from './event.ts';
import { sha256 } from './hash.ts';
import { isObject, parseJson } from './json.ts';

/** The place of an event in a line. A line holds the events of one order key of a source, in the order in which they came. */
export interface Place extends EventIdentity {
  /** Names the line within its source: a hash, because an order key can be a patient's number. */
  readonly line: string;
}

/** A line's answer to an event that is to be handled. */
export type Turn =
  | {
      readonly is: 'first';
      /** How often it was its turn since a try was last settled; this time counts, and so does the settled turn. */
      readonly starts: number;
      /** The newest event of the line that was handled before, by the provider's own times. */
      readonly newest?: Superseding;
    }
  | { readonly is: 'waiting' };

/** The turn that an event has in its line. */
export interface InTurn {
  readonly place: Place;
  /** The newest event of its line that was handled before. */
  readonly newest: Superseding | undefined;
  /** The newer event because of which this one is out of date. */
  readonly supersededBy: Superseding | undefined;
  /** The source wants no event that is out of date. */
  readonly isSkipped: boolean;
}

/** The lines of one source. An event joins when it is safe in its queue, so that every place belongs to a message or is over. */
export interface Lines {
  /** Puts an event at the end of its line, unless it has a place there. Does nothing if the line is full. */
  join(place: Place): Promise<void>;
  /**
   * Whether it is this event's turn: nobody is before it. It joins if it has no place. `owner` holds the event, and has the turn
   * until it leaves; `time` is the event's own.
   */
  takeTurn(place: Place, owner: string, time?: string): Promise<Turn>;
  /**
   * Frees an event that has to wait, without counting a try. `receipt` is what its message can be called back by. Resolves to
   * whether its turn has come meanwhile.
   */
  wait(place: Place, owner: string, receipt?: string): Promise<boolean>;
  /** Counts the turns of an event from its settled try on. Does nothing if the owner has not the turn. */
  settle(place: Place, owner: string): Promise<void>;
  /**
   * Gives up the place of an event that is done, or a dead letter. `newest` is noted as the newest handled event. Resolves to the
   * receipt of the message that waits next; undefined if none does. Does nothing if the owner has not the turn.
   */
  leave(place: Place, owner: string, newest?: Superseding): Promise<string | undefined>;
}

/** How the events of a source are ordered. A source that is not ordered has none of this. */
export interface Ordering {
  /** The path of the order key in an event's JSON: `data.patientId`. */
  readonly by: string;
  /** Whether an event that is older than one already handled is skipped. */
  readonly newestOnly: boolean;
  readonly lines: Lines;
}

/** The place that an event has to take; undefined if it is not ordered: the source is not, or the event has no order key. */
export function placeOf(event: Event, ordering: Pick<Ordering, 'by'> | undefined): Place | undefined {
  const orderKey = ordering && orderKeyOf(event.body, ordering.by);
  if (orderKey === undefined) return undefined;
  const { source, key, keyKind } = event;
  return { source, key, ...(keyKind && { keyKind }), line: sha256(orderKey).slice(0, LINE_DIGITS) };
}

/** Hex digits of a line's name: 128 bits, so that two order keys share a line by no accident. */
const LINE_DIGITS = 32;

/**
 * The order key of a body: the text, number or boolean at the path. A number and a text of the same digits are one key: to share
 * a line is safe. Undefined if the body is not JSON, or has no such value there.
 */
export function orderKeyOf(body: Buffer, by: string): string | undefined {
  const value = by.split('.').reduce(step, parseJson(body));
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Only what a body says itself counts: `constructor` is in no object of it, nor `length` in an array. */
const step = (value: unknown, name: string): unknown =>
  (isObject(value) || Array.isArray(value)) && Object.prototype.propertyIsEnumerable.call(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** Milliseconds by which a provider's clock may be ahead of the gateway's. */
const MOST_AHEAD_MS = 300_000;

/**
 * The time by which an event is older or newer than others of its line: its own. Undefined if it has none, or one that is later than
 * its receipt: a time of the year 9999 would make every event that comes after it out of date.
 */
export const timeInLine = ({ time, receivedAt }: Pick<Event, 'time' | 'receivedAt'>): string | undefined =>
  time !== undefined && Date.parse(time) <= Date.parse(receivedAt) + MOST_AHEAD_MS ? time : undefined;

/** Whether an event with this time is older than the newest that was handled. Times are ISO 8601 in UTC. */
export const isOlder = (
  time: string | undefined,
  newest: Pick<Superseding, 'time'> | undefined,
): newest is Superseding => time !== undefined && newest !== undefined && time < newest.time;

/** The event as the newest of its line; undefined if it is not, or its provider sends no time. */
export const asNewest = (
  { key, keyKind, time }: EventKey & { readonly time?: string },
  known: Superseding | undefined,
): Superseding | undefined =>
  time !== undefined && (known === undefined || time > known.time)
    ? { key, ...(keyKind && { keyKind }), time }
    : undefined;
