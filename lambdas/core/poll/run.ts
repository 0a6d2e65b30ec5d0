import type { AcceptPorts } from '../accept.ts';
import type { Cursor, CursorState } from './cursor.ts';
import type { Http } from '../http/http.ts';
import type { EventIdentity } from '../event.ts';
import type { ApiCall, MissedEvents } from '../missed-events.ts';
import type { PollReport, PollTally } from './report.ts';
import type { Clock } from '../ports.ts';
import type { Source } from '../source.ts';
import type { HeardSubscription } from '../subscription-note.ts';
import type { UpkeepPorts } from './upkeep/run.ts';

export interface PollObserver {
  polled(report: PollReport): void;
  /** The poll is done, but its outcome could not be saved. `error` is the name of the error. */
  endFailed(error: string): void;
}

export interface PollPorts extends AcceptPorts {
  readonly pollObserver: PollObserver;
  readonly cursor: Cursor;
  /** Whether an event is in its queue, in quarantine or processed. */
  readonly isSafe: (event: EventIdentity) => Promise<boolean>;
  /** The latest note of each of the source's Subscriptions, as the deliveries told; only for a provider that numbers its events. */
  readonly heard?: () => Promise<readonly HeardSubscription[]>;
  /** Authorizes each request on its way. */
  readonly http: Http;
  readonly clock: Clock;
  /** The gateway's side of the registrations, and calls that are made once; absent if they are not kept alive. */
  readonly upkeep?: (UpkeepPorts & { readonly http: Http }) | undefined;
  /** When this source's poller was deployed. Asked once: older entries of the provider's list are not fetched. */
  readonly deployedAt: () => Promise<Date>;
  /** Milliseconds that are left to this poll. */
  readonly remainingMs: () => number;
  /** Names this poll, so that a repeated request is known as its own. */
  readonly owner: string;
}

/** How much one poll does at most; the rest waits for the next poll. */
export interface PollBounds {
  readonly maxEvents: number;
  readonly maxPages: number;
  /** Milliseconds before the end at which nothing new is begun: the longest that an HTTP call, its tries and the end take. */
  readonly reserveMs: number;
  /** Milliseconds by which the hold on the cursor outlives the poll. */
  readonly leaseMarginMs: number;
}

/** A poll under way. */
export interface PollRun {
  readonly source: Source;
  readonly missed: MissedEvents;
  readonly api: ApiCall;
  readonly ports: PollPorts;
  readonly bounds: PollBounds;
  readonly tally: PollTally;
  readonly state: CursorState;
  readonly now: Date;
  /** Milliseconds since the epoch: events that happened before are not fetched. */
  readonly startAt: number;
  /** The provider's ids of the entries that are safe, in the order of the list. */
  readonly safe: string[];
}

/** Whether too little time is left to begin anything. */
export const isLate = ({ ports, bounds }: PollRun): boolean => ports.remainingMs() < bounds.reserveMs;

/** Splits a list into parts of a size, the last one perhaps shorter. */
export const inParts = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
