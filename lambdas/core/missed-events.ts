import type { Envelope, Options } from './envelope.ts';
import type { Http } from './http/http.ts';
import type { Result } from './result.ts';

/** What a provider's code calls its API with. The requests are authorized on their way. */
export interface ApiCall {
  readonly http: Http;
  readonly options: Options;
  readonly now: Date;
}

/** What can be wrong with one entry of a list. None keeps the others from being handled. */
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
  /** The event's body; where the entry cannot be read, the entry itself. */
  readonly body: Buffer;
  /** Says of the event what it would say of a delivered one; with a reason for quarantine where it cannot be read. */
  readonly envelope: Envelope;
  /** What the provider knows the entry by, where entries are acknowledged. Absent: it stays in the list. */
  readonly acknowledgeId?: string | undefined;
  /** The entry's place in the list, where a cursor follows it: {@link MissedEvents.list} takes it as its `position`. */
  readonly position?: string | undefined;
  readonly malformed?: MalformedReason | undefined;
}

/** Where to read on: after a position in the list, and in it at a further page. */
export interface Place {
  readonly position?: string | undefined;
  readonly next?: string | undefined;
}

export interface MissedPage {
  readonly entries: readonly MissedEvent[];
  /** The next page, as {@link Place.next}; absent on the last one. */
  readonly next?: string | undefined;
  /** False where the entries are not in the order that a cursor needs: it then stays where it is. */
  readonly inOrder?: boolean;
}

/** Why there is no page: the answer's status, or what its content is not. */
export type ListFault = `http_${number}` | 'not_json' | 'not_a_list' | 'foreign_link' | 'unknown_position';

/** How to get what a provider could not deliver. Every call throws an HttpFault or a TokenFault where no answer came. */
export interface MissedEvents {
  list(place: Place, api: ApiCall): Promise<Result<MissedPage, ListFault>>;
  /** For a provider that lists an event until it is acknowledged. */
  readonly acknowledging?: Acknowledging;
  /** For a provider that lists all there ever was, the oldest first. */
  readonly cursor?: CursorRules;
}

export interface Acknowledging {
  /** Entries that one call takes. */
  readonly batchSize: number;
  /** Acknowledges entries by their ids; again does no harm. Answers the call's status. */
  acknowledge(ids: readonly string[], api: ApiCall): Promise<number>;
  /** Whether the provider has stopped delivering; undefined where it does not say. */
  isCircuitOpen(api: ApiCall): Promise<boolean | undefined>;
  /** Has the provider deliver again; again does no harm. Answers the call's status. */
  reopen(api: ApiCall): Promise<number>;
}

export interface CursorRules {
  /** Entries before the cursor that every poll reads again: one that came late may stand among them. */
  overlap(options: Options): number;
  /** ISO 8601: events from then on are got. Undefined: from the first poll on. */
  from(options: Options): string | undefined;
}
