import type { Envelope, Options } from './envelope.ts';
import type { Http } from './http/http.ts';
import type { Result } from './result.ts';

/** The means to call a provider's API. The requests are authorized on their way. */
export interface ApiCall {
  readonly http: Http;
  readonly options: Options;
  readonly now: Date;
}

/** What can be wrong with one entry of a list. No such entry keeps the others from being handled. */
export const MALFORMED_REASONS = [
  'entry_not_object',
  'entry_too_deep',
  'entry_without_id',
  'payload_missing',
  'payload_not_text',
  'payload_not_json',
] as const;
export type MalformedReason = (typeof MALFORMED_REASONS)[number];

/** One entry of a provider's list: the event that it could not deliver. */
export interface MissedEvent {
  /** The event's body; if the entry cannot be read, the entry itself. */
  readonly body: Buffer;
  /** The same envelope as a delivered event's; with a reason for quarantine if the entry cannot be read. */
  readonly envelope: Envelope;
  /** The provider's id of the entry, if entries are acknowledged. Absent: the entry stays in the list. */
  readonly acknowledgeId?: string | undefined;
  /** The entry's place in the list, if a cursor follows the list: {@link MissedEvents.list} takes it as its `position`. */
  readonly position?: string | undefined;
  readonly malformed?: MalformedReason | undefined;
}

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
export type ListFault = `http_${number}` | 'not_json' | 'not_a_list' | 'foreign_link' | 'unknown_position';

/** Fetches the events that a provider could not deliver. A call throws an HttpFault or a TokenFault if no answer came. */
export interface MissedEvents {
  /** How the provider helps: a list that the gateway reads. Other ways will have other names here. */
  readonly kind?: 'list';
  list(place: Place, api: ApiCall): Promise<Result<MissedPage, ListFault>>;
  /** For a provider that lists an event until it is acknowledged. */
  readonly acknowledging?: Acknowledging;
  /** For a provider that lists all events there ever were, the oldest first. */
  readonly cursor?: CursorRules;
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
