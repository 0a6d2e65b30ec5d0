/** The memory of a source's poller from one poll to the next. */
export interface CursorState {
  /** ISO 8601: from when on events are fetched, if the provider lists all there ever was. */
  readonly startAt?: string;
  /** The place in the provider's list from which the next poll reads; for a log a time, ISO 8601: what is older is safe. */
  readonly position?: string;
  /** The configured date with which the position was reached: with another date the list is read from its beginning. */
  readonly from?: string;
  /** True if events were missed and the circuit has not been reopened since. */
  readonly reopenDue?: boolean;
  /** The page of a log at which the next poll reads on, because the last one reached a bound; empty if there is none. */
  readonly walkNext?: string;
  /** The position once all of that log has been read, ISO 8601; empty if something in it was not safe. */
  readonly walkUntil?: string;
  /** How far each Subscription of numbered events is, as text: see numbered/progress.ts. */
  readonly progress?: string;
  /** The registrations that were seen, as text: see upkeep/memory.ts. */
  readonly registered?: string;
}

/**
 * The durable memory of a source's poller, held by one poll at a time. Only the poll that holds it can save to it.
 */
export interface Cursor {
  /** Takes the cursor until `until` (milliseconds since the epoch). Returns undefined if another poll holds it. */
  begin(owner: string, until: number): Promise<CursorState | undefined>;
  /** Saves the changes. Throws a {@link CursorLost} if another poll has taken the cursor meanwhile. */
  save(owner: string, changes: CursorState): Promise<void>;
  /** Gives the cursor back, and saves the outcome of the poll for {@link status}. */
  end(owner: string, outcome: PollOutcome): Promise<void>;
  /** Returns the outcome of the last poll that ended, and until when the cursor is held by a poll under way. */
  status(): Promise<PollStatus>;
}

export interface PollOutcome {
  readonly ok: boolean;
  readonly report: string;
}

/** Times in ISO 8601; each is absent if there was no such poll. */
export interface PollStatus {
  readonly heldUntil?: string | undefined;
  readonly lastEndedAt?: string | undefined;
  readonly lastSucceededAt?: string | undefined;
  /** JSON of the last poll's report. */
  readonly lastReport?: string | undefined;
}

/** Another poll holds the cursor, because this poll took too long. */
export class CursorLost extends Error {
  override readonly name = 'CursorLost';
}
