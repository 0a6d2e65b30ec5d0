import { LEDGER, LEDGER_KEY } from '../../lambdas/contract.ts';
import type { BreakerState } from '../../lambdas/core/process/breaker.ts';
import type { Item } from './expressions.ts';
import type { Simulation } from './simulation.ts';

/** Watches what an open breaker promises: one probe at a time, and no try of an event is spent. */
export class BreakerPromises {
  readonly #simulation: Simulation;
  readonly #key: string;
  #phase: BreakerState['phase'] = 'closed';

  constructor(simulation: Simulation, source: string) {
    this.#simulation = simulation;
    this.#key = LEDGER_KEY.breaker(source);
  }

  written(before: Item | undefined, after: Item | undefined): void {
    if (after?.[LEDGER.partitionKey]?.S === this.#key) {
      const { phase } = JSON.parse(after.state?.S ?? '{"phase":"closed"}') as BreakerState;
      this.#phase = phase;
      return;
    }
    const tries = (item: Item | undefined): number => Number(item?.tries?.N ?? 0);
    this.#simulation.promise(
      this.#phase !== 'open' || tries(after) <= tries(before),
      () => `a try is spent while the breaker is open`,
    );
  }

  /** `handling`: how many events are being handled, this one included. */
  handlingStarts(handling: number): void {
    this.#simulation.promise(this.#phase !== 'open' || handling === 1, () => 'two probes at a time');
  }

  state = (): string => this.#phase;
}
