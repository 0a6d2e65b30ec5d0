import type { MissedEvent } from '../../missed-event.ts';
import type { Result } from '../../result.ts';

/** The reason why a server gave no usable answer. `not_supported`: it does not know the question, and never will. */
export type ServerFault =
  `http_${number}` | 'not_json' | 'not_a_status' | 'not_a_bundle' | 'too_deep' | 'not_supported' | 'gone';

/** The status of a Subscription, as the server states it. */
export interface ServerStatus {
  /** The events that it has counted; undefined if it does not say. */
  readonly count: bigint | undefined;
  readonly status: string | undefined;
}

/** An event that the server gave when it was asked. */
export interface NumberedEvent {
  readonly key: string;
  readonly event: MissedEvent;
}

/** A server that numbers the events of its Subscriptions. Each call throws an HttpFault or a TokenFault if no answer came. */
export interface NumberingServer {
  /** The key of the event of a number. */
  keyOf(subscription: string, number: bigint): string;
  status(subscription: string): Promise<Result<ServerStatus, ServerFault>>;
  /** The events of a range of numbers, and whatever else the server gives in its answer. */
  events(subscription: string, from: bigint, to: bigint): Promise<Result<readonly NumberedEvent[], ServerFault>>;
  /** Turns a Subscription on again; absent if the source does not allow it. */
  reactivate?(subscription: string): Promise<Result<undefined, string>>;
}

/** A source's settings for its recovery. */
export interface RecoverySettings {
  /** The Subscriptions that the source states; empty: those that were heard of. */
  readonly subscriptions: readonly string[];
  /** A Subscription that is asked about beside those that were heard of, although nothing may have come of it. */
  readonly watched?: string | undefined;
  /** The first number that is wanted; undefined: from what was first heard on. */
  readonly fromNumber: bigint | undefined;
  /** Milliseconds for which a number that the server does not give is waited for. */
  readonly writeOffMs: number;
  /** Numbers that one call asks for. */
  readonly windowSize: bigint;
}
