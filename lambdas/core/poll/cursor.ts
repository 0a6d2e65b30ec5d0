/** What the poller of a source remembers from one poll to the next. */
export interface CursorState {
  /** ISO 8601: from when on events are got, where the provider lists all there ever was. */
  readonly startAt?: string;
  /** The place in the provider's list from which the next poll reads. */
  readonly position?: string;
  /** The configured date that the position was reached with: with another one the list is read from its beginning. */
  readonly from?: string;
  /** True where events were missed and the circuit has not been reopened since. */
  readonly reopenDue?: boolean;
}

/**
 * The durable memory of a source's poller, held by one poll at a time: what a poll saves is saved only as long as it is the
 * one that holds it.
 */
export interface Cursor {
  /** Takes the cursor until `until` (milliseconds since the epoch); undefined where another poll holds it. */
  begin(owner: string, until: number): Promise<CursorState | undefined>;
  /** Throws a {@link CursorLost} where another poll has taken it meanwhile. */
  save(owner: string, changes: CursorState): Promise<void>;
  /** Gives the cursor back, with the outcome of the poll for whoever asks after it. */
  end(owner: string, outcome: PollOutcome): Promise<void>;
  /** The outcome of the last poll that ended, and since when which poll has been running. */
  status(): Promise<PollStatus>;
}

export interface PollOutcome {
  readonly ok: boolean;
  readonly report: string;
}

/** Times in ISO 8601; each is absent where there was no such poll. */
export interface PollStatus {
  readonly heldUntil?: string | undefined;
  readonly lastEndedAt?: string | undefined;
  readonly lastSucceededAt?: string | undefined;
  /** JSON of the last poll's report. */
  readonly lastReport?: string | undefined;
}

/** Another poll holds the cursor: this one took too long. */
export class CursorLost extends Error {
  override readonly name = 'CursorLost';
}
