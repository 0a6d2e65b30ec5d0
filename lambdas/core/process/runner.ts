import type { HandledEvent } from './handle.ts';

/** A process that runs a customer's handler, and nothing else. */
export interface Runner {
  /** Has the handler called with an event; `place` is the event's place in the batch. */
  run(place: number, event: HandledEvent): void;
  /** Ends the process wherever it is. Resolves when no code of it can run any more. */
  end(): Promise<void>;
}

/** A report of a runner. */
export interface Reports {
  /** The handler is loaded, or the call under way has returned its promise: the runner can take another event. */
  ready(): void;
  /** The handler is about to be called with the event. */
  started(place: number): void;
  /** The handler is done with the event. */
  done(place: number): void;
  /** The handler failed, for the reason. */
  failed(place: number, reason: string): void;
  /** The process has ended of itself, and reports nothing more. */
  ended(reason: string): void;
}

/** The surroundings of isolated-batch.ts. */
export interface RunnerPorts {
  /** Starts a runner. One that was kept is taken up again if `canBeKept`. */
  open(reports: Reports, canBeKept: boolean): Runner;
  /** Takes back a runner that is healthy and has nothing to do, for the next batch. */
  keep(runner: Runner): void;
  /** Calls back after so many milliseconds. Returns a function that cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Milliseconds after which the handlers that are not done are given up. */
  readonly patienceMs: number;
}
