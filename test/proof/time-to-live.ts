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
