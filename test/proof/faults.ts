/**
 * The faults of one call of a service:
 * - `crash before`, `crash after`: the function is killed before the call, or after the call took effect;
 * - `error before`, `error after`: the caller sees an error; the call had no effect, or had it and the answer was lost;
 * - `slow`: the caller sees a time-out, and the call takes effect at any later moment;
 * - `again`: the answer was lost and the client sent the call again, so that it took effect twice;
 * - `hangs`, `ends`: of a customer's handler alone. It never answers, and its effect can come at any later moment, or never;
 *   or the process that it runs in ends: it exits, or runs out of memory.
 */
export type Fault =
  'crash before' | 'crash after' | 'error before' | 'error after' | 'slow' | 'again' | 'hangs' | 'ends';
export const EVERY_FAULT: readonly Fault[] = [
  'crash before',
  'crash after',
  'error before',
  'error after',
  'slow',
  'again',
];
/** A call that changes nothing: it answers, or it does not. */
export const READ_FAULTS: readonly Fault[] = ['crash before', 'error before'];

export interface CallOptions {
  readonly faults?: readonly Fault[];
  /** Milliseconds that the call takes at least. */
  readonly takes?: number;
  /** Told of the fault that hit the call. */
  readonly onFault?: (fault: Fault) => void;
  /** Whether the call is of no interest any more: a timer that was cancelled. */
  readonly isOff?: () => boolean;
  /** Whether the call goes on when its function is done, in a process that the function has started. */
  readonly outlives?: boolean;
  /** Stands for an answer that is too long to compare. */
  readonly digest?: () => string;
}

/** Calls a service: the promise settles when the schedule says so. */
export type Call = <Answer>(label: string, effect: () => Answer, options?: CallOptions) => Promise<Answer>;

/** How a function ended. */
export type Outcome<Answer> = { readonly ok: true; readonly answer: Answer } | { readonly ok: false };

/** One thing that can happen next. */
export interface Move {
  readonly label: string;
  /** Faults that it uses up. */
  readonly faults: number;
  /** It need not happen now: that time passes without it costs nothing. */
  readonly isOptional?: boolean;
  /** The actor that it lets run on; a move of the surroundings has none. */
  readonly actor?: number;
  readonly apply: () => void;
}
