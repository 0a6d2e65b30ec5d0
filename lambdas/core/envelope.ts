import type { EventId, EventKey } from './event-key.ts';
import type { Slice } from './json-slices.ts';

/** A source's options by name, validated against the provider's {@link OptionSpec}s at synth. */
export type Options = Readonly<Record<string, string | number | boolean | undefined>>;

/** All that a provider's code may know beside the delivery. Time is an argument. */
export interface ReadContext {
  readonly now: Date;
  readonly options: Options;
}

/** The facts that a provider's envelope states about the event that it carries. */
export interface Envelope {
  /**
   * The event's own id, as the body holds it, or a key that was made of something else and says so. Absent: the body has no
   * identity, and is quarantined.
   */
  readonly key?: EventId | EventKey | undefined;
  readonly type?: string | undefined;
  /** The event's own time, if the signed body carries one. */
  readonly time?: Date | undefined;
  /**
   * The id of what the event reports, if the provider's list of missed events names that and not the event: a delivered
   * event and a listed one with the same reconcile key are the same.
   */
  readonly reconcileKey?: EventId | undefined;
  /** Set if the event must not be processed without a person's decision. */
  readonly quarantine?: QuarantineReason | undefined;
  /**
   * True if the id comes in a header that is not signed. It then names the event, and the body decides whether there is a new
   * one: whoever captured a delivery can send it again under any id, or none. Of no effect if the scheme covers the caller alone.
   */
  readonly unsignedId?: boolean | undefined;
  /**
   * The facts that two deliveries of one event share if their bytes differ, in place of the body's hash: see fingerprint.ts.
   * Absent: the body's bytes are the event.
   */
  readonly fingerprint?: string | undefined;
  /** The slice of the body that is the event's own text, if the delivery carries several events; absent: the whole body. */
  readonly at?: Slice | undefined;
  /** The event's place in the body, as a JSON pointer. */
  readonly pointer?: string | undefined;
}

/** Why an authentic event waits for a person's decision. */
export const QUARANTINE_REASONS = [
  'not_json',
  'unreadable_body',
  'no_event_id',
  'no_event_type',
  'wrong_environment',
  'older_than_window',
  'conflict',
  'unreadable_missed_event',
  'wrong_subscription',
  'unexpected_notification',
] as const;
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];
