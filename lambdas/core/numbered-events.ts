import type { ApiCall, MissedEvent } from './missed-event.ts';
import type { HeardSubscription } from './subscription-note.ts';

/** The calls and limits that a poll gives to the recovery of numbered events. */
export interface RecoveryPorts {
  readonly api: ApiCall;
  /** Seconds for which the ledger remembers an event. */
  readonly windowSeconds: number;
  /** The most events that are looked up, and the most calls that ask for events. */
  readonly maxEvents: number;
  readonly maxCalls: number;
  /** The text that was saved last; undefined before the first time. */
  readonly progress: string | undefined;
  /** Saves how far each Subscription is. Rejects if another poll has taken over. */
  save(progress: string): Promise<void>;
  /** The latest note of each Subscription, as the deliveries told. */
  heard(): Promise<readonly HeardSubscription[]>;
  /** Whether the event of a key is in its queue, in quarantine or processed. */
  isSafe(key: string): Promise<boolean>;
  /** Makes events safe by the way of a delivery; each may fail, and is not safe then. */
  secure(events: readonly MissedEvent[]): Promise<void>;
  /** Whether an event could not be made safe: this side fails, and the provider must not be asked to send. */
  hasFailed(): boolean;
  /** Whether too little time is left to begin anything. */
  isLate(): boolean;
  /** Tells of a fault: a step and a reason, both words of this code. */
  fault(step: string, reason: string): void;
  /** Counts calls that asked for events. */
  asked(): void;
  /** The provider says that a Subscription fails, or is off. */
  failing(): void;
  /** A Subscription was turned on again. */
  reactivated(): void;
  /** Adds the progress of a Subscription to the report. */
  report(progress: SubscriptionReport): void;
}

/** Numbers from one to another, both included, as digits. */
export interface NumberRange {
  readonly from: string;
  readonly to: string;
}

/** How a Subscription stands after a poll. Numbers are digits: 64 bits do not fit into a JavaScript number. */
export interface SubscriptionReport {
  readonly subscription: string;
  /** The latest notification of it that was delivered. */
  readonly lastNotification?: { readonly at: string; readonly type: string } | undefined;
  readonly status?: string | undefined;
  /** The events that the server has counted. */
  readonly count?: string | undefined;
  /** Up to here each number is safe, or written off. */
  readonly contiguous?: string | undefined;
  /** The missing numbers; `isTold` if the server was asked and does not give them. */
  readonly gaps: readonly (NumberRange & { readonly since: string; readonly isTold: boolean })[];
  /** The numbers that are no longer waited for, the latest last. */
  readonly writtenOff: readonly (NumberRange & { readonly at: string })[];
  /** Numbers that this poll has told of, and those that it has written off. */
  readonly told: number;
  readonly givenUp: number;
  /** False if the server cannot be asked for events. */
  readonly canRecover: boolean;
}

/** A provider that numbers its events, so that what is missing can be seen, and asked for by its number. */
export interface NumberedEvents {
  readonly kind: 'numbered';
  /** Recovers what is missing, as far as the ports allow. Rejects only if nothing can be saved. */
  recover(ports: RecoveryPorts): Promise<void>;
}
