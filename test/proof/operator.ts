import { LEDGER } from '../../lambdas/contract.ts';
import type { Gateway, Surroundings } from './gateway.ts';
import type { Move } from './faults.ts';

/** DynamoDB's TTL: an item that has expired is removed at some later moment, which can be days away. */
export class TimeToLive implements Surroundings {
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  moves(): Move[] {
    const { table, simulation } = this.#gateway;
    return table
      .all()
      .filter((item) => Number(item[LEDGER.ttl]?.N) * 1000 < simulation.now - 1000)
      .map((item) => ({ label: `TTL removes ${item.status?.S} item`, faults: 0, apply: () => table.remove(item) }));
  }

  times = (): number[] => [];
  state = (): string => '';
}

/** An operator who mends the handler and redrives the dead letters, at some moment or not before a given one. */
export class Operator implements Surroundings {
  readonly #gateway: Gateway;
  readonly #from: number;

  /** `from` in milliseconds since the epoch. */
  constructor(gateway: Gateway, from: number) {
    this.#gateway = gateway;
    this.#from = from;
  }

  moves(): Move[] {
    const { queue, simulation } = this.#gateway;
    if (queue.deadLetters.length === 0 || simulation.now < this.#from) return [];
    const apply = (): void => {
      this.#gateway.handlerIsBroken = false;
      queue.redrive();
    };
    return [{ label: 'the handler is mended, and the dead letters redriven', faults: 0, apply }];
  }

  times = (): number[] => (this.#gateway.queue.deadLetters.length > 0 ? [this.#from] : []);
  state = (): string => '';
}
