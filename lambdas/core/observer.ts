import type { QuarantineReason } from './envelope.ts';
import type { SecretFlaw } from './secret-value.ts';
import type { RejectionReason, SecretLabel } from './verdict.ts';

/** Counts and logs what happens, by source. Nothing of a request's content is passed to it. */
export interface Observer {
  received(): void;
  verified(label: SecretLabel): void;
  rejected(reason: RejectionReason): void;
  /** The secret could not be read; the cached versions stay in use. `error` is the name of the error. */
  secretReadFailed(error: string): void;
  /** A version of the secret cannot be a secret, and is not used. `secret` is its name or ARN. */
  secretRefused(secret: string, label: SecretLabel, flaw: SecretFlaw): void;
  /** A delivery came before anybody has stored the source's secret: the provider was told to retry. */
  secretMissing(): void;
  /** A service that the gateway needs failed: the provider was told to retry. `error` is the name of the error. */
  unavailable(step: 'verify' | 'accept', error: string): void;
  accepted(): void;
  enqueued(): void;
  duplicate(): void;
  conflict(): void;
  quarantined(reason: QuarantineReason): void;
  /** A mark failed; the event is safe in its queue. */
  markFailed(error: string): void;
  /** A notification came, of a kind in a word. `isFailing`: the provider says that something is wrong with its Subscription. */
  notified(type: string, isFailing: boolean): void;
  acknowledged(milliseconds: number): void;
  processed(milliseconds: number): void;
  /** A message was dropped: it is a copy of an event that has been processed or waits in quarantine, or a newer event was handled. */
  dropped(): void;
  /** Another invocation holds the event: the message comes back. */
  busy(): void;
  /** Other events of its order key are before an event: its message comes back. */
  waiting(): void;
  /** An event of an ordered source has no order key at this path, and so has no turn. */
  unordered(by: string): void;
  /** An event was processed that the provider had failed to deliver. */
  recovered(): void;
  /** A try failed. `reason` is a word of this code or the name of an error. */
  failed(reason: string): void;
  /** An event was put into the dead-letter queue: its last try failed, or a failed try was permanent. */
  deadLetter(): void;
  /** Messages came back without a try: the source is paused, its breaker is open, or they came faster than its rate. `sinceMs`: how long it has been so. */
  held(why: 'paused' | 'open' | 'limited' | 'free', count: number, sinceMs: number): void;
  /** The breaker of the source has changed its phase. `kind` is the kind of reason that most tries fail for. */
  breakerMoved(to: 'closed' | 'slow' | 'open', kind: string | undefined): void;
  /** The breaker could not be told how tries went. `error` is the name of the error. */
  breakerFailed(error: string): void;
  /** Dead letters of an outage have gone back to the queue. */
  repaired(count: number): void;
  /**
   * A step that keeps a message for later failed, such as a delay or a dead letter: the message comes back after the queue's
   * own delay.
   */
  retryFailed(error: string): void;
}
