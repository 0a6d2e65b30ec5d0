import type { Envelope, Options } from './envelope.ts';
import type { Http } from './http/http.ts';

/** The means to call a provider's API. The requests are authorized on their way. */
export interface ApiCall {
  readonly http: Http;
  readonly options: Options;
  readonly now: Date;
}

/** The flaws that one entry of a list can have. No such entry keeps the others from being handled. */
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
  /** Of the body, if it is not `application/json`. */
  readonly contentType?: string;
}
