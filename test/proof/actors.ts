import type { CallOptions, Fault, Outcome } from './faults.ts';

/** A call that a function has made and that has not been answered. */
export interface Waiting {
  readonly label: string;
  readonly effect: () => unknown;
  readonly faults: readonly Fault[];
  readonly readyAt: number;
  readonly onFault: CallOptions['onFault'];
  readonly isOff: CallOptions['isOff'];
  readonly outlives: boolean;
  readonly digest: CallOptions['digest'];
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A function that runs. */
export interface Actor {
  readonly id: number;
  readonly name: string;
  readonly deadline: number;
  readonly ended: (outcome: Outcome<unknown>) => void;
  readonly waiting: Waiting[];
  /** A hash of all that it was answered, and when: code that reads nothing else is where this says it is. */
  history: number;
}

/** An effect whose answer nobody hears. */
export function attempt(effect: () => unknown): void {
  try {
    effect();
  } catch {
    return;
  }
}
