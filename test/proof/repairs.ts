import type { Simulation } from './simulation.ts';

/** Watches that a dead letter goes back by itself once: that it has done so is known of it ever after. */
export class RepairPromises {
  readonly #simulation: Simulation;
  /** The latest fate of a message, by its text. */
  readonly #last = new Map<string, 'back' | 'dead'>();
  /** Faults of the way back: it can leave a copy, which goes its own way. */
  #wasHit = false;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** The message was put back into its queue. */
  goesBack(text: string, key: string): void {
    const isOnce = this.#last.get(text) !== 'dead' || this.#wasHit;
    this.#simulation.promise(isOnce, () => `${key} goes back by itself a second time`);
    this.#last.set(text, 'back');
  }

  /** The message became a dead letter, maybe again. */
  dies(text: string): void {
    if (this.#last.has(text)) this.#last.set(text, 'dead');
  }

  isHit = (): void => void (this.#wasHit = true);

  state = (): string => `${[...this.#last.values()].join()} ${this.#wasHit}`;
}
