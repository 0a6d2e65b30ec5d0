/** One AWS call. */
export interface AwsCall {
  /** The physical name of the function that called; absent where it was another caller. */
  readonly function?: string | undefined;
  readonly service: string;
  readonly action: string;
  /** HTTP status of the answer. */
  readonly status: number;
}

export interface CallLog {
  add(call: AwsCall): void;
  /** Oldest first. */
  list(): readonly AwsCall[];
}

/** Calls kept; the oldest are forgotten first. */
const CAPACITY = 10_000;

/** The last AWS calls. Chunks are dropped as a whole, so that a long load does not move the list at every call. */
export function callLog(capacity = CAPACITY): CallLog {
  let calls: AwsCall[] = [];
  return {
    add(call) {
      calls.push(call);
      if (calls.length >= 2 * capacity) calls = calls.slice(-capacity);
    },
    list: () => calls.slice(-capacity),
  };
}
