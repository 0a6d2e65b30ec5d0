import type { Envelope, Options } from './envelope.ts';
import type { ApiCall, MissedEvent } from './missed-event.ts';
import type { NumberedEvents } from './numbered-events.ts';
import type { Result } from './result.ts';

export { MALFORMED_REASONS } from './missed-event.ts';
export type { ApiCall, MalformedReason, MissedEvent } from './missed-event.ts';

/** The place at which to read on: after a position in the list, and from there at a further page. */
export interface Place {
  readonly position?: string | undefined;
  readonly next?: string | undefined;
}

export interface MissedPage {
  readonly entries: readonly MissedEvent[];
  /** The next page, as {@link Place.next}; absent on the last one. */
  readonly next?: string | undefined;
  /** False if the entries are not in the order that a cursor needs: the cursor then does not move. */
  readonly inOrder?: boolean;
}

/** Why there is no page: the answer's status, or what is wrong with its content. */
export type ListFault =
  `http_${number}` | 'not_json' | 'not_a_list' | 'no_next_page' | 'foreign_link' | 'unknown_position';

/**
 * How the events are recovered that a provider could not deliver. A call throws an HttpFault or a TokenFault if no answer came.
 */
export type MissedEvents = MissedList | EventLog | DeliveryLog | ResendLog | NumberedEvents;

/** A provider that lists what it could not deliver, or all there ever was, the oldest first. */
export interface MissedList {
  readonly kind?: 'list';
  list(place: Place, api: ApiCall): Promise<Result<MissedPage, ListFault>>;
  /** For a provider that lists an event until it is acknowledged. */
  readonly acknowledging?: Acknowledging;
  /** For a provider that lists all events there ever were, the oldest first. */
  readonly cursor?: CursorRules;
}

/** The common part of the logs: they run from the newest entry to the oldest, and keep what was delivered too. */
interface Log<Entry> {
  /** Reads a page: entries of events that were not delivered, as far as the provider's log tells them apart. */
  page(place: LogPlace, api: ApiCall): Promise<Result<LogPage<Entry>, ListFault>>;
  /** Seconds before the last poll that are read again, because an entry can come late or change. */
  readonly overlapSeconds: number;
}

/** A provider that lists its events, each as it would have been delivered. */
export interface EventLog extends Log<LoggedEvent> {
  readonly kind: 'events';
}

/** A provider that logs its deliveries, and tells what a delivery carried: in the log itself, or on request. */
export interface DeliveryLog extends Log<LoggedEvent | LoggedDelivery> {
  readonly kind: 'deliveries';
  /** Fetches what a delivery carried. An entry whose body the provider no longer has becomes one that cannot be read. */
  fetch?(delivery: LoggedDelivery, api: ApiCall): Promise<Result<MissedEvent, ListFault>>;
}

/** A provider that logs its deliveries, and delivers again on request: the event then comes signed, like any other. */
export interface ResendLog extends Log<LoggedEvent | LoggedDelivery> {
  readonly kind: 'resend';
  /** Seconds for which an event can be asked for. */
  readonly keepsSeconds: number;
  /** Asks for one event. Returns the call's status. Asking again does no harm. */
  resend(delivery: LoggedDelivery, api: ApiCall): Promise<number>;
}

export type MissedLog = EventLog | DeliveryLog | ResendLog;

export const isNumbered = (missed: MissedEvents): missed is NumberedEvents => missed.kind === 'numbered';

export const isLog = (missed: MissedEvents): missed is MissedLog =>
  missed.kind !== undefined && missed.kind !== 'list' && missed.kind !== 'numbered';

/** Whether nothing is fetched that is older than the deployment: true for a provider that also lists what it has delivered. */
export const startsAtDeployment = (missed: MissedEvents): boolean =>
  isLog(missed) || (!isNumbered(missed) && missed.cursor !== undefined);

export interface LogPlace {
  /** Entries from then on are wanted. */
  readonly since: Date;
  /** The page, as {@link LogPage.next}; absent for the first one. */
  readonly next?: string | undefined;
}

export interface LogPage<Entry> {
  readonly entries: readonly Entry[];
  /**
   * The time of the page's newest entry, delivered or not; absent if none has one. A page ends the reading if this is too old: a
   * single entry with a wrong time does not.
   */
  readonly reached?: Date | undefined;
  /** The next page, with older entries; absent on the last one. */
  readonly next?: string | undefined;
}

/** An event of a log. */
export interface LoggedEvent extends MissedEvent {
  /** When the provider logged it. */
  readonly at?: Date | undefined;
}

/** A delivery that failed. */
export interface LoggedDelivery {
  /** The provider's id of the entry, by which it is asked for. */
  readonly id: string;
  readonly at?: Date | undefined;
  /** The event, as far as the log states it; its key is that of the event as delivered. */
  readonly envelope: Envelope;
}

export interface Acknowledging {
  /** Entries that one call takes. */
  readonly batchSize: number;
  /** Acknowledges entries by their ids. Returns the call's status. Calling again does no harm. */
  acknowledge(ids: readonly string[], api: ApiCall): Promise<number>;
  /** Whether the provider has stopped delivering; undefined if it does not say. */
  isCircuitOpen(api: ApiCall): Promise<boolean | undefined>;
  /** Has the provider deliver again. Returns the call's status. Calling again does no harm. */
  reopen(api: ApiCall): Promise<number>;
}

export interface CursorRules {
  /** Entries before the cursor that every poll reads again, because an entry that came late may be among them. */
  overlap(options: Options): number;
  /** ISO 8601: events from then on are fetched. Undefined: from the deployment on. */
  from(options: Options): string | undefined;
}
