import { isObject } from '../core/json.ts';
import type { HandledEvent } from '../core/process/handle.ts';
import type { Reports } from '../core/process/runner.ts';

/** A message to a runner. */
export interface RunMessage {
  readonly place: number;
  readonly event: HandledEvent;
  /** The trace of the invocation, as Lambda hands it to its own runtime. */
  readonly trace: string | undefined;
}

export const CONSOLE_LEVELS = ['debug', 'info', 'log', 'warn', 'error', 'trace'] as const;
export type ConsoleLevel = (typeof CONSOLE_LEVELS)[number];

/** The end of a call of the handler. A failure is a kind of its own, and not a reason that may be missing. */
export type Outcome =
  | { readonly kind: 'done'; readonly place: number }
  | { readonly kind: 'failed'; readonly place: number; readonly reason: string };

/** A message of a runner. */
export type RunnerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'started'; readonly place: number }
  | Outcome
  /** Why the process is about to end. */
  | { readonly kind: 'fatal'; readonly reason: string }
  /** A line for the function's log. */
  | { readonly kind: 'console'; readonly level: ConsoleLevel; readonly args: readonly unknown[] };

/** Tells the batch of a runner what it has said of the batch's events. */
export function tell(message: RunnerMessage, reports: Reports | undefined): void {
  if (message.kind === 'ready') reports?.ready();
  else if (message.kind === 'started') reports?.started(message.place);
  else if (message.kind === 'done') reports?.done(message.place);
  else if (message.kind === 'failed') reports?.failed(message.place, message.reason);
}

/** Whether a message is of this kind: the handler runs in the same process, and may send others. */
export function isRunnerMessage(message: unknown): message is RunnerMessage {
  if (!isObject(message)) return false;
  const { kind, place, reason, level, args } = message;
  if (kind === 'started' || kind === 'done') return typeof place === 'number';
  if (kind === 'failed') return typeof place === 'number' && typeof reason === 'string';
  if (kind === 'fatal') return typeof reason === 'string';
  if (kind === 'console') return CONSOLE_LEVELS.some((each) => each === level) && Array.isArray(args);
  return kind === 'ready';
}
