/** One AWS call. */
export interface AwsCall {
  /** The physical name of the function that called; absent if the caller was not a function. */
  readonly function?: string | undefined;
  readonly service: string;
  readonly action: string;
  /** The resource of the call, by the name that the call gives it. */
  readonly resource?: string | undefined;
  /** HTTP status of the answer; 0 if no answer was given. */
  readonly status: number;
  /** The kind of fault that it met. */
  readonly fault?: string;
  /** Of a call that met a fault: whether it was done, and the events that it is about. */
  readonly tookEffect?: boolean;
  readonly keys?: readonly string[];
}

export interface CallLog {
  add(call: AwsCall): void;
  /** Oldest first. */
  list(): readonly AwsCall[];
}

/** Calls kept; the oldest are forgotten first. */
const CAPACITY = 10_000;

/** The last AWS calls. Chunks are dropped as a whole, so that a long load does not move the list at every call. */
export function callLog(capacity = CAPACITY, onCall: (call: AwsCall) => void = () => undefined): CallLog {
  let calls: AwsCall[] = [];
  return {
    add(call) {
      calls.push(call);
      onCall(call);
      if (calls.length >= 2 * capacity) calls = calls.slice(-capacity);
    },
    list: () => calls.slice(-capacity),
  };
}
