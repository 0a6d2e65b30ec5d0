/** An execution environment that waits for an invocation, and can be ended to make room for another function's. */
export interface Resting {
  /** Ends it; nobody may invoke it from now on. */
  end(): void;
}

/**
 * Shares a number of processes among all functions, so that a gateway of a hundred sources fits on a laptop. A function that
 * needs one more takes the place of the process that has rested the longest, of whatever function.
 */
export interface EnvironmentBudget {
  /** Resolves when there is room for one more process. */
  take(): Promise<void>;
  /** A process that was taken has ended, or never started. */
  free(): void;
  /** A process waits for an invocation. */
  rest(process: Resting): void;
  /** A process has one. */
  wake(process: Resting): void;
}

/**
 * Milliseconds after which one more process starts though there is no room, when all are at work: handlers that hang must not
 * keep others from being invoked, as they do not in Lambda.
 */
const PATIENCE_MS = 2_000;

export function environmentBudget(limit: number, patienceMs = PATIENCE_MS): EnvironmentBudget {
  /** The one that has rested the longest comes first. */
  const resting = new Set<Resting>();
  const waiting: (() => void)[] = [];
  let taken = 0;
  /** How many end to make room. */
  let leaving = 0;
  let timer: NodeJS.Timeout | undefined;

  const serve = (isOverdue = false): void => {
    if (waiting.length > 0 && (taken < limit || isOverdue)) {
      clearTimeout(timer);
      timer = undefined;
      taken++;
      waiting.shift()?.();
      return serve();
    }
    for (const process of resting) {
      if (leaving >= waiting.length) break;
      resting.delete(process);
      leaving++;
      process.end();
    }
    if (waiting.length > 0) timer ??= setTimeout(serve, patienceMs, true);
  };

  return {
    take: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        serve();
      }),
    free() {
      taken--;
      if (leaving > 0) leaving--;
      serve();
    },
    rest(process) {
      resting.add(process);
      serve();
    },
    wake: (process) => void resting.delete(process),
  };
}
