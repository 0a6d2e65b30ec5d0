import type { HandledEvent } from '../core/process/handle.ts';

/** A message to a runner. */
export interface RunMessage {
  readonly place: number;
  readonly event: HandledEvent;
  /** The trace of the invocation, as Lambda hands it to its own runtime. */
  readonly trace: string | undefined;
}

export type ConsoleLevel = 'debug' | 'info' | 'log' | 'warn' | 'error' | 'trace';

/** A message of a runner. */
export type RunnerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'started'; readonly place: number }
  | { readonly kind: 'settled'; readonly place: number; readonly failure?: string }
  /** Why the process is about to end. */
  | { readonly kind: 'fatal'; readonly reason: string }
  /** A line for the function's log. */
  | { readonly kind: 'console'; readonly level: ConsoleLevel; readonly args: readonly unknown[] };
