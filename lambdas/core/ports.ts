import type { Event, EventHead, EventIdentity, ReprocessOrder, Via } from './event.ts';
import type { EventKey } from './event-key.ts';
import type { QuarantineReason } from './envelope.ts';
import type { Secret } from './verdict.ts';

/** Milliseconds since the epoch. The core reads no clock of its own. */
export type Clock = () => number;

/**
 * Milliseconds between two reads of the secret that an unknown signature causes, and between two tries after a failed read. A
 * verifier learns of a new version after this time at the latest.
 */
export const REREAD_MS = 15_000;

/** The versions of a source's signing secret that are accepted now. */
export interface Secrets {
  /** The accepted versions, from the cache if it is fresh. Throws if there is nothing to serve. */
  read(): Promise<readonly Secret[]>;
  /**
   * Versions that are newer than those `seen`. They are read again at most once in {@link REREAD_MS}, however often this is
   * called; undefined if it is too soon. Throws if the last read failed: nobody knows then whether there are newer versions.
   */
  reread(seen: readonly Secret[]): Promise<readonly Secret[] | undefined>;
}

/** The status of an event. It only moves forward: PENDING → QUEUED → PROCESSED, or PENDING → QUARANTINED (→ QUEUED). */
export const STATUSES = ['PENDING', 'QUEUED', 'PROCESSED', 'QUARANTINED'] as const;
export type Status = (typeof STATUSES)[number];

/** The ledger's answer to a claim: what it knew of the event before. */
export type ClaimOutcome =
  | { readonly known: false }
  | {
      readonly known: true;
      readonly status: Status;
      readonly bodyHash: string;
      /** The type with which it first came. */
      readonly type: string;
      /** How often it came before. */
      readonly deliveries: number;
      /** The fingerprint with which it first came, if it had one. */
      readonly fingerprint?: string;
      /** How the event first came. */
      readonly via: Via;
      /** The reason with which the event was first claimed, if it was to wait for a person's decision. */
      readonly quarantine?: QuarantineReason;
    };

/** The ledger's answer to a processor that wants to take an event. */
export type LeaseOutcome = 'taken' | 'processed' | 'quarantined' | 'busy';

/** Whether an event stands for its reconcile key, or is a copy of the event whose key is named. */
export type AliasOutcome = { readonly is: 'own' } | { readonly is: 'copy'; readonly of: string };

/** An event that reports something that the provider also lists. */
export type ReconcilableEvent = EventHead & { readonly reconcileKey: string };

/**
 * Which event stands for a reconcile key. There is one item per key, kept for ever, because a provider may list for ever what
 * it has once delivered.
 */
export interface Aliases {
  /**
   * Returns whether this event stands for its reconcile key, or is a copy of the event that does. The first event to ask
   * stands for it, and each event gets the same answer however often it asks. Two deliveries are two events. Only if one event
   * was delivered and the other listed, the second is a copy; a listed event has one copy at most.
   */
  claimAlias(event: ReconcilableEvent): Promise<AliasOutcome>;
  /** Whether an event stands for the reconcile key. */
  isKnown(event: ReconcilableEvent): Promise<boolean>;
}

/** The ledger: one item per event. Every operation is one conditional write, so none depends on an earlier read. */
export interface Ledger extends Aliases {
  /**
   * Records the delivery: a new item is PENDING, a known item counts the delivery. An expired item counts as none. A claim that
   * `prolongs` has a known event remembered for another window.
   */
  claim(event: Event, options?: { readonly prolongs: boolean }): Promise<ClaimOutcome>;
  /**
   * The key under which this body first came: this event's, if it is the first. For an event whose id is not signed, so that a
   * captured delivery under another id is not a new event.
   */
  bindBody(event: EventHead): Promise<EventKey>;
  /** The key under which this body first came; undefined if it is bound to none. It reads, and binds nothing. */
  boundKey(event: EventHead): Promise<EventKey | undefined>;
  /** PENDING → QUEUED. Does nothing if the status has moved on. */
  markQueued(event: EventIdentity): Promise<void>;
  /** PENDING → QUARANTINED. Does nothing if the status has moved on. */
  markQuarantined(event: EventIdentity): Promise<void>;
  /** Takes the event for a processor, unless it is taken or done. */
  lease(event: EventHead, lease: Lease): Promise<LeaseOutcome>;
  /** PENDING or QUEUED → PROCESSED, and frees the event. Does nothing if another owner holds it by now. */
  markProcessed(event: EventIdentity, done: Processed): Promise<void>;
  /**
   * Records why a try failed, and frees the event for the next try. Resolves to how many tries have failed since the event was
   * last a dead letter; does nothing, and resolves to undefined, if the owner no longer holds it. `isSpent` is false for a try
   * that does not count; `receives` is how often the queue has handed the message out.
   */
  noteFailure(
    event: EventIdentity,
    owner: string,
    reason: string,
    isSpent?: boolean,
    receives?: number,
  ): Promise<number | undefined>;
  /** Lets the tries be counted from the start, because the event is a dead letter: redriven, it has all of them again. */
  forgetTries(event: EventIdentity): Promise<void>;
}

/** A processor's hold on an event. */
export interface Lease {
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** The place in the archive at which the evidence is about to be kept. */
  readonly archivedIn: string;
}

/** How an event was processed. */
export interface Processed {
  /** Who held it. */
  readonly owner: string;
  /** The place of the evidence in the archive. */
  readonly archivedIn: string;
  /** The key of the event that was processed in the place of this copy. */
  readonly copyOf?: string | undefined;
  /** The newer event because of which the source's handler was not run: the source has newest events only. */
  readonly supersededBy?: EventKey | undefined;
  /** The path at which it has no order key, although its source is ordered. */
  readonly unorderedBy?: string | undefined;
  /** The order by which it was processed again. */
  readonly order?: ReprocessOrder | undefined;
}

/** Keeps the bodies that are too large for a queue message. */
export interface BodyStore {
  /** Stores a body and resolves to its key. The same body of the same event is the same object again. */
  put(event: StorableBody): Promise<string>;
  /** The body's bytes; undefined if there is no such object. */
  get(key: string): Promise<Buffer | undefined>;
}

export type StorableBody = Pick<Event, 'source' | 'key' | 'body' | 'bodyHash'>;

/** Keeps the events that were received, as evidence and for reprocess orders. */
export interface Archive {
  /** Stores the events as one object at this place; resolves once it is stored there, and rejects otherwise. */
  keep(place: string, events: readonly Event[]): Promise<void>;
}

/** A queue that takes events. Resolves once the event is stored there, and rejects otherwise. */
export interface EventQueue {
  send(event: Event): Promise<void>;
}
