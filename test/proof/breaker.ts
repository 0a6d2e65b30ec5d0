import { LEDGER, LEDGER_KEY } from '../../lambdas/contract.ts';
import type { BreakerState } from '../../lambdas/core/process/breaker.ts';
import type { Item } from './expressions.ts';
import type { Simulation } from './simulation.ts';

/** Watches what an open breaker and a pause promise: one probe at a time or none, and no try of an event is spent. */
export class BreakerPromises {
  readonly #simulation: Simulation;
  readonly #key: string;
  #phase: BreakerState['phase'] = 'closed';
  /** A handler took effect in this phase. */
  #hadEffect = false;
  #isPaused = false;
  /** How often the source was paused or resumed, and the count in which an invocation began that began in a pause. */
  #turns = 0;
  readonly #begunIn = new Map<string, number>();

  constructor(simulation: Simulation, source: string) {
    this.#simulation = simulation;
    this.#key = LEDGER_KEY.breaker(source);
  }

  written(before: Item | undefined, after: Item | undefined): void {
    if (after?.[LEDGER.partitionKey]?.S === this.#key) {
      const { phase } = JSON.parse(after.state?.S ?? '{"phase":"closed"}') as BreakerState;
      const isSound = this.#phase !== 'open' || phase === 'open' || this.#hadEffect;
      this.#simulation.promise(isSound, () => 'the breaker closes, and no probe has succeeded');
      if (phase !== this.#phase) this.#hadEffect = false;
      this.#phase = phase;
      const isPaused = after.pausedAt !== undefined;
      if (isPaused !== this.#isPaused) this.#turns++;
      this.#isPaused = isPaused;
      return;
    }
    const tries = (item: Item | undefined): number => Number(item?.tries?.N ?? 0);
    this.#simulation.promise(
      this.#phase !== 'open' || tries(after) <= tries(before),
      () => `a try is spent while the breaker is open`,
    );
  }

  invocationStarts(owner: string): void {
    if (this.#isPaused) this.#begunIn.set(owner, this.#turns);
  }

  /** `handling`: how many events are being handled, this one included. */
  handlingStarts(handling: number, owner: string): void {
    this.#simulation.promise(this.#phase !== 'open' || handling === 1, () => 'two probes at a time');
    const isIdle = this.#begunIn.get(owner) !== this.#turns;
    this.#simulation.promise(isIdle, () => `${owner} began while the source was paused, and handles an event`);
  }

  hasEffect = (): void => void (this.#hadEffect = true);

  state = (): string => `${this.#phase} ${this.#hadEffect} ${this.#turns} ${[...this.#begunIn].join()}`;
}
