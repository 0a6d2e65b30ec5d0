import { encodeKey } from '../../lambdas/core/event-key.ts';
import type { EventHead } from '../../lambdas/core/event.ts';
import type { Item } from './expressions.ts';
import type { Simulation } from './simulation.ts';

/** Operators' decisions and what they were told, by encoded event key; their part of the promises of docs/guarantees.md. */
export class Decisions {
  readonly #simulation: Simulation;
  /** A release was begun: from then on the event may be processed. */
  readonly #asked = new Set<string>();
  readonly #released = new Set<string>();
  readonly #dropped = new Set<string>();
  /** Orders whose message reached the queue, and those that the ledger calls carried out; `key order`. */
  readonly #sent = new Map<string, string>();
  readonly #done = new Set<string>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  asksToRelease = (key: string): void => void this.#asked.add(key);
  mayBeReleased = (key: string): boolean => this.#asked.has(key);
  isDropped = (key: string): boolean => this.#dropped.has(key);

  /** A command or the ledger says that an event is released, or dropped: it cannot be both. */
  decided(decision: 'released' | 'dropped', keys: readonly string[]): void {
    for (const key of keys) {
      (decision === 'released' ? this.#released : this.#dropped).add(key);
      this.#simulation.promise(
        !(this.#released.has(key) && this.#dropped.has(key)),
        () => `${key} is released, and it is dropped`,
      );
    }
  }

  /** An operator's message took effect in the queue. */
  sent(event: EventHead): void {
    if (event.replay) this.#sent.set(event.replay.id, encodeKey(event));
  }

  /** A replay said that it gave this order. */
  ordered(id: string): void {
    this.#simulation.promise(this.#sent.has(id), () => `${id} is reported, and was never sent`);
  }

  /** How many orders there are to process an event again. */
  orders = (key: string): number => [...this.#sent.values()].filter((of) => of === key).length;

  /** The ledger says what was decided. Returns the orders that it calls carried out since: each takes a run of its own. */
  written(key: string, after: Item): string[] {
    if (after.releasedAt) this.decided('released', [key]);
    if (after.droppedAt) this.decided('dropped', [key]);
    const fresh = (after.replayIds?.SS ?? []).filter((id) => !this.#done.has(id));
    for (const id of fresh) this.#done.add(id);
    return fresh;
  }

  /** The promises that must hold once nothing more can happen; `processed` are the keys on which the handler took effect. */
  atEnd(processed: ReadonlySet<string>): void {
    for (const key of this.#released)
      this.#simulation.promise(processed.has(key), () => `${key} was released and never processed`);
    for (const [id, key] of this.#sent)
      this.#simulation.promise(this.#done.has(id), () => `${id} to process ${key} again was never carried out`);
  }

  state = (): string =>
    [this.#asked, this.#released, this.#dropped, this.#sent, this.#done].map((all) => [...all].join()).join(';');
}
