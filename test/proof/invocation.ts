import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { encodeKey } from '../../lambdas/core/event-key.ts';
import { DEAD_LETTER } from '../../lambdas/contract.ts';
import type { Breaker } from '../../lambdas/core/process/admit.ts';
import type { HandledEvent, Task } from '../../lambdas/core/process/handle.ts';
import type { ProcessPorts } from '../../lambdas/core/process/process.ts';
import type { QueueRecord } from '../../lambdas/core/process/take.ts';
import type { Reports, Runner } from '../../lambdas/core/process/runner.ts';
import type { SplitPorts } from '../../lambdas/core/process/split.ts';
import type { Call, Fault } from './faults.ts';
import type { Gateway } from './gateway.ts';
import type { Effect } from './promises.ts';
import { handOver } from './targets.ts';
import { attributesOf } from './queue.ts';
import type { Attributes, Message } from './queue.ts';

/** Milliseconds that a processor holds an event, as the stack sets it: its time-out and ten seconds. */
const LEASE_MS = 40_000;
/** A probe that fails comes back after this at most. */
const LONGEST_HOLD_SECONDS = 1_800;
/** Milliseconds that the customer's handler takes. */
const HANDLER_MS = 20_000;

/** Milliseconds after which a handler is given up: less than the function's time-out. */
const PATIENCE_MS = 28_000;

/** A handler is code of the customer's: it is killed, it fails, before its effect or after it, hangs, or ends its process. */
const HANDLER_FAULTS: readonly Fault[] = [
  'crash before',
  'crash after',
  'error before',
  'error after',
  'hangs',
  'ends',
];
/** Faults that keep the handler's effect from being marked although it took place. */
const LOSES_THE_MARK: ReadonlySet<Fault> = new Set(['crash before', 'error before', 'slow']);

/** Told of a message that is put into the dead-letter queue, and of its attributes there. */
export type GivesUp = (message: Message, attributes: Attributes) => void;

/** One invocation of the processor, with the handler that it runs. */
export class Invocation {
  readonly #gateway: Gateway;
  readonly #owner: string;
  readonly #batch: readonly Message[];
  readonly #givesUp: GivesUp;
  /** Which receive of a message this is, by its id. */
  readonly #receives: ReadonlyMap<string, number>;
  /** When the handler of a message failed, with nothing else in the way. */
  readonly #refused = new Map<string, number>();
  #wasHit = false;
  readonly #effects: Effect[] = [];
  readonly #runners: Runner[] = [];
  #failed = false;

  constructor(gateway: Gateway, owner: string, batch: readonly Message[], givesUp: GivesUp) {
    this.#givesUp = givesUp;
    this.#receives = new Map(batch.map(({ id, receives }) => [id, receives]));
    this.#gateway = gateway;
    this.#owner = owner;
    this.#batch = batch;
  }

  /** Processes the batch, and deletes what need not come back, as Lambda's event source mapping does. */
  async run(call: Call): Promise<void> {
    const { queue, product, source } = this.#gateway;
    const ports = this.#ports(call);
    const records = this.#batch.map(({ id, text, receives, attributes, sentAt }) => ({
      ...{ id, text, receipt: `${id}/${receives}` },
      ...(sentAt !== undefined && { sentAt }),
      wasRepaired: attributes?.[DEAD_LETTER.repaired] !== undefined,
    }));
    this.#gateway.breaker?.invocationStarts(this.#owner);
    const { events, failed } = source.provider.batches
      ? await product.splitBatches(records, { ...ports, ...this.#targets(call) })
      : { events: records, failed: [] };
    const comeBack = [...failed, ...(await this.#process(events, ports, call))];
    const done = this.#batch.filter(({ id }) => !comeBack.includes(id)).map(({ id }) => id);
    const deletion = (): void => {
      for (const id of done) queue.delete(id);
    };
    if (done.length > 0)
      await call(`delete ${done.join()}`, deletion, { faults: ['error before'], onFault: () => (this.#wasHit = true) });
  }

  /** Processes events: behind the source's breaker, if it has one. */
  async #process(events: readonly QueueRecord[], ports: ProcessPorts, call: Call): Promise<string[]> {
    const { product, breaker } = this.#gateway;
    if (!breaker) return product.processBatch(events, ports);
    const shared = this.#gateway.breakerOf(call, () => this.#isHit());
    const left = await product.processGuarded(events, {
      ...ports,
      ...{ breaker: shared, pace: {}, breaks: true },
      ...{ tally: new product.Tally(), patienceMs: PATIENCE_MS / 4 },
      sleep: (milliseconds) => call(`wait ${milliseconds} ms`, () => undefined, { faults: [], takes: milliseconds }),
    });
    if (this.#gateway.repairs) await this.#repair(shared, ports, call).catch(() => undefined);
    return left;
  }

  /** Has dead letters go back, as the function does after its batch. */
  #repair(breaker: Breaker, { clock, random, observer }: ProcessPorts, call: Call): Promise<void> {
    const { product, queue, deadLetters } = this.#gateway;
    const send = ((command: unknown) => this.#moves(command, call)) as SQSClient['send'];
    const letters = product.sqsDeadLetters({ send }, { queueUrl: queue.url, deadLettersUrl: deadLetters.url });
    return product.repair({ ...{ breaker, clock, random, observer }, deadLetters: letters, hasTime: () => true });
  }

  /** One call of SQS about a dead letter that goes back. */
  #moves(command: unknown, call: Call): Promise<unknown> {
    const { queue, deadLetters, repairs } = this.#gateway;
    const isBack = command instanceof SendMessageCommand;
    const effect = (): unknown => {
      const text = isBack ? (command.input.MessageBody ?? '') : '';
      if (isBack) repairs?.goesBack(text, this.#gateway.decode(text).key);
      return (isBack ? queue : deadLetters).execute(command);
    };
    const name = (command as object).constructor.name.replace('Command', '');
    return call(`${name}, a dead letter goes back`, effect, { onFault: () => repairs?.isHit() });
  }

  #ports(call: Call): ProcessPorts {
    const { queue, deadLetters, product, observer, simulation, retry, targets } = this.#gateway;
    return {
      ...{ observer, clock: simulation.clock, owner: this.#owner, archivedIn: this.#owner, leaseMs: LEASE_MS },
      ledger: this.#gateway.ledger(call, (fault, operation) => this.#ledgerFails(fault, operation)),
      bodies: this.#gateway.bodies(call),
      order: this.#gateway.ordering(call, () => this.#isHit()),
      archive: {
        keep: (place, events) =>
          call('archive', () => this.#gateway.keep(place, events), { onFault: () => this.#isHit() }),
      },
      retries: product.sqsRetries(
        { send: ((command: unknown) => this.#sqs(command, call)) as SQSClient['send'] },
        { queueUrl: queue.url, deadLettersUrl: deadLetters.url },
        new Map([...this.#receives].map(([id, receives]) => [id, `${id}/${receives}`])),
      ),
      ...{ retry, random: () => 0 },
      handOver:
        targets.length === 0
          ? undefined
          : (event) => handOver(event, targets, this.#gateway, call, () => this.#isHit()),
      handle: (tasks) => this.#handle(tasks, call),
    };
  }

  /** The queues of the events of a delivery, once they are told apart. */
  #targets(call: Call): Pick<SplitPorts, 'queue' | 'quarantine'> {
    const { queue, quarantine } = this.#gateway;
    const noting: Call = (label, effect, options) => call(label, effect, { ...options, onFault: () => this.#isHit() });
    return { queue: this.#gateway.sender(queue, noting), quarantine: this.#gateway.sender(quarantine, noting) };
  }

  /** Returns whether anything failed in it, beside an event that another invocation holds. */
  ended(isWhole: boolean): boolean {
    this.#gateway.promises.handlingEnds(this.#owner);
    this.#gateway.lines.handlingEnds(this.#owner);
    // The processes that the function started end with it.
    if (!isWhole) for (const runner of this.#runners) void runner.end();
    if (isWhole && !this.#wasHit) this.#checkRefused();
    if (!isWhole) for (const effect of this.#effects) effect.interrupted ||= !effect.marked;
    return !isWhole || this.#failed;
  }

  /** One call of SQS about what comes after a failed try. */
  #sqs(command: unknown, call: Call): Promise<unknown> {
    const { queue, deadLetters } = this.#gateway;
    const isGivenUp = command instanceof SendMessageCommand;
    const effect = (): unknown => {
      const message = isGivenUp ? this.#batch.find(({ text }) => text === command.input.MessageBody) : undefined;
      if (isGivenUp && message) this.#givesUp(message, attributesOf(command.input));
      return (isGivenUp ? deadLetters : queue).execute(command);
    };
    const name = isGivenUp ? 'send to the dead letters' : 'set the delays';
    return call(name, effect, { onFault: () => this.#isHit() });
  }

  /** A message that the handler alone failed is a dead letter at once if it can never succeed. Else it comes back by the schedule. */
  #checkRefused(): void {
    const { queue, simulation, handlerIsBroken, retry } = this.#gateway;
    for (const { id, receives, visibleAt } of queue.messages) {
      const failedAt = this.#refused.get(id);
      if (failedAt === undefined || this.#receives.get(id) !== receives) continue;
      simulation.promise(typeof handlerIsBroken !== 'string', () => `${id} can never succeed, and is tried again`);
      const longest = this.#gateway.breaker ? LONGEST_HOLD_SECONDS : retry.maxDelaySeconds;
      const latest = simulation.now + longest * 1000;
      simulation.promise(visibleAt <= latest, () => `${id} comes back later than by the schedule`);
      const earliest = failedAt + retry.firstDelaySeconds * 1000;
      simulation.promise(visibleAt >= earliest, () => `${id} comes back earlier than by the schedule`);
    }
  }

  #isHit(): void {
    this.#wasHit = true;
    this.#fails();
  }

  #fails(): void {
    this.#failed = true;
  }

  #ledgerFails(fault: Fault, operation: string): void {
    this.#isHit();
    if (operation !== 'markProcessed' || !LOSES_THE_MARK.has(fault)) return;
    for (const effect of this.#effects) effect.interrupted = true;
  }

  /** Runs the handler as the product does: isolated, on runners of this invocation. */
  #handle(tasks: readonly Task[], call: Call): readonly Promise<unknown>[] {
    const givenUp = new Set<string>();
    const results = this.#gateway.product.runIsolated(tasks, {
      patienceMs: PATIENCE_MS,
      open: (reports) => this.#open(reports, call, givenUp),
      keep: () => undefined,
      after(milliseconds, callback) {
        let isOff = false;
        void call(`after ${milliseconds} ms`, callback, { faults: [], takes: milliseconds, isOff: () => isOff });
        return () => void (isOff = true);
      },
    });
    return results.map((result, place) =>
      result.catch((error: unknown) => {
        const task = tasks[place];
        if (task) givenUp.add(encodeKey(task.event));
        this.#fails();
        throw error;
      }),
    );
  }

  /** A process that runs the handler: what it does is a call like any other, until it is ended. */
  #open(reports: Reports, call: Call, givenUp: ReadonlySet<string>): Runner {
    let hasEnded = false;
    const running = new Set<string>();
    const over = (key: string): void => {
      running.delete(key);
      this.#gateway.promises.handlingEnds(this.#owner, key);
      this.#gateway.lines.handlingEnds(this.#owner, key);
    };
    const end = (): Promise<void> => {
      hasEnded = true;
      for (const key of running) over(key);
      return Promise.resolve();
    };
    const run = async (event: HandledEvent): Promise<void> => {
      const { promises, lines, simulation, handlerIsBroken } = this.#gateway;
      promises.handlingStarts(event, this.#owner);
      this.#gateway.breaker?.handlingStarts(promises.handling, this.#owner);
      this.#gateway.lines.handlingStarts(event, this.#owner);
      running.add(encodeKey(event));
      let isHit = false;
      const effect = (): void => {
        if (hasEnded) return;
        if (handlerIsBroken !== false && !lines.isSound(event)) {
          const copies = this.#batch.filter(({ text }) => this.#gateway.decode(text).key === event.key);
          const ids = new Set(copies.map(({ id }) => id));
          // Of two messages of one event, the other one finds it taken: which of them this is, nobody is told.
          if (ids.size === 1) for (const id of ids) this.#refused.set(id, simulation.now);
          const error = new Error('the handler failed');
          if (typeof handlerIsBroken === 'string') error.name = handlerIsBroken;
          throw error;
        }
        simulation.promise(
          !givenUp.has(encodeKey(event)),
          () => `the handler of ${event.key} was given up, and goes on`,
        );
        for (const { name, lane } of this.#gateway.targets)
          simulation.promise(
            lane.promises.wasHanded(encodeKey(event)),
            () => `${event.key} is handled, and ${name} was not told`,
          );
        const done = promises.effect(event, isHit);
        this.#effects.push(done);
        this.#gateway.lines.effect(event, done);
        this.#gateway.breaker?.hasEffect();
      };
      const onFault = (fault: Fault): void => {
        isHit = this.#wasHit = true;
        if (fault !== 'ends') return;
        void end();
        reports.ended('handler_exited');
      };
      try {
        const isOff = (): boolean => hasEnded;
        await call('handler', effect, { faults: HANDLER_FAULTS, takes: HANDLER_MS, onFault, isOff, outlives: true });
      } finally {
        over(encodeKey(event));
      }
    };
    const runner: Runner = {
      end,
      run(place, event) {
        reports.started(place);
        const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
        void run(event).then(
          () => reports.done(place),
          (error: unknown) => reports.failed(place, nameOf(error)),
        );
        queueMicrotask(() => reports.ready());
      },
    };
    this.#runners.push(runner);
    queueMicrotask(() => reports.ready());
    return runner;
  }
}
