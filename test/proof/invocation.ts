import type { WebhookEvent } from '../../lambdas/core/event.ts';
import type { Call, Fault } from './faults.ts';
import type { Gateway } from './gateway.ts';
import type { Effect } from './promises.ts';
import type { Message } from './queue.ts';

/** Milliseconds that a processor holds an event, as the stack sets it: its time-out and ten seconds. */
const LEASE_MS = 40_000;
/** Milliseconds that the customer's handler takes. */
const HANDLER_MS = 20_000;

/** A handler is code of the customer's: it is killed or it fails, before its effect or after it. */
const HANDLER_FAULTS: readonly Fault[] = ['crash before', 'crash after', 'error before', 'error after'];
/** What keeps the handler's effect from being marked although it took place. */
const LOSES_THE_MARK: ReadonlySet<Fault> = new Set(['crash before', 'error before', 'slow']);

/** One invocation of the processor, with the handler that it runs. */
export class Invocation {
  readonly #gateway: Gateway;
  readonly #owner: string;
  readonly #batch: readonly Message[];
  readonly #effects: Effect[] = [];
  #failed = false;

  constructor(gateway: Gateway, owner: string, batch: readonly Message[]) {
    this.#gateway = gateway;
    this.#owner = owner;
    this.#batch = batch;
  }

  /** Processes the batch, and deletes what need not come back, as Lambda's event source mapping does. */
  async run(call: Call): Promise<void> {
    const { queue, product, observer, simulation } = this.#gateway;
    const comeBack = await product.processBatch(
      this.#batch.map(({ id, text }) => ({ id, text })),
      {
        ...{ observer, clock: simulation.clock, owner: this.#owner, archivedIn: this.#owner, leaseMs: LEASE_MS },
        ledger: this.#gateway.ledger(call, (fault, operation) => this.#ledgerFails(fault, operation)),
        bodies: this.#gateway.bodies(call),
        archive: {
          keep: (place, events) =>
            call('archive', () => this.#gateway.keep(place, events), { onFault: () => this.#fails() }),
        },
        handle: (events) => Promise.allSettled(events.map((event) => this.#handle(event, call))),
      },
    );
    const done = this.#batch.filter(({ id }) => !comeBack.includes(id)).map(({ id }) => id);
    const deletion = (): void => {
      for (const id of done) queue.delete(id);
    };
    if (done.length > 0) await call(`delete ${done.join()}`, deletion, { faults: ['error before'] });
  }

  /** Returns whether anything failed in it, beside an event that another invocation holds. */
  ended(isWhole: boolean): boolean {
    this.#gateway.promises.handlingEnds(this.#owner);
    if (!isWhole) for (const effect of this.#effects) effect.interrupted ||= !effect.marked;
    return !isWhole || this.#failed;
  }

  #fails(): void {
    this.#failed = true;
  }

  #ledgerFails(fault: Fault, operation: string): void {
    this.#fails();
    if (operation !== 'markProcessed' || !LOSES_THE_MARK.has(fault)) return;
    for (const effect of this.#effects) effect.interrupted = true;
  }

  async #handle(event: WebhookEvent, call: Call): Promise<void> {
    const { promises } = this.#gateway;
    promises.handlingStarts(event, this.#owner);
    let isHit = false;
    const effect = (): void => {
      if (this.#gateway.handlerIsBroken) throw new Error('the handler failed');
      this.#effects.push(promises.effect(event, isHit));
    };
    try {
      const onFault = (): void => void (isHit = true);
      await call('handler', effect, { faults: HANDLER_FAULTS, takes: HANDLER_MS, onFault });
    } catch (error) {
      this.#fails();
      throw error;
    } finally {
      promises.handlingEnds(this.#owner);
    }
  }
}
