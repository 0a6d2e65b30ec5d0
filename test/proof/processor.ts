import { encodeKey } from '../../lambdas/core/event-key.ts';
import type { Gateway } from './gateway.ts';
import { Invocation } from './invocation.ts';
import { DEAD_LETTER } from '../../lambdas/contract.ts';
import type { Attributes, Message } from './queue.ts';
import type { Move } from './faults.ts';

/** Milliseconds, as the stack sets them: the time-out, and six of it for which a message that was received stays unseen. */
const TIMEOUT_MS = 30_000;
const VISIBILITY_MS = 6 * TIMEOUT_MS;
/** Of a message's retention, what it waits before it is given up unhandled: so long, or less by the longest time for which it is hidden. */
const WAIT_SHARE = 0.7;
const LONGEST_HOLD_SECONDS = 1_800;
const WAITED_TOO_LONG = 'waited_too_long';
/** Starts the reason of a failure that the handler says to be permanent. */
const PERMANENT = 'permanent: ';
/** As lib/constructs/queue-times.ts has it. */
const MAX_RECEIVES = 1_000;

/**
 * SQS and Lambda's event source mapping in front of the processor: every visible message can come next, alone or with the
 * others, and for one fault a message comes twice: while it is in flight, in one batch, or because its deletion was lost.
 */
export class Processor {
  readonly #gateway: Gateway;
  #invocations = 0;
  /** Invocations that failed of themselves or were hit by a fault, by event key: a copy that found its event taken is none. */
  readonly #failures = new Map<string, number>();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  moves(): Move[] {
    const { simulation, queue } = this.#gateway;
    const visible = queue.messages.filter(({ visibleAt }) => visibleAt <= simulation.now);
    const spent = visible.find(({ receives }) => receives >= MAX_RECEIVES);
    if (spent) return [{ label: `${spent.id} to the dead letters`, faults: 0, apply: () => this.#giveUp(spent) }];
    const inFlight = queue.messages.filter(({ visibleAt }) => visibleAt > simulation.now);
    const receive = (faults: number, ...batch: readonly Message[]): Move => ({
      label: `SQS hands out ${batch.map(({ id }) => id).join(' and ')}`,
      faults,
      apply: () => this.#start(batch),
    });
    return [
      ...visible.map((message) => receive(0, message)),
      ...(visible.length > 1 ? [receive(0, ...visible)] : []),
      ...visible.map((message) => receive(1, message, message)),
      ...inFlight.map((message) => receive(1, message)),
    ];
  }

  times = (): number[] => this.#gateway.queue.messages.map(({ visibleAt }) => visibleAt);

  state = (): string => `${this.#invocations} ${[...this.#failures].join()}`;

  #start(batch: readonly Message[]): void {
    const { simulation } = this.#gateway;
    const owner = `processor ${++this.#invocations}`;
    const messages = new Set(batch);
    for (const message of messages) {
      // SQS counts a message that it hands out twice as received twice.
      if (message.visibleAt > simulation.now) this.#failed(message);
      message.receives++;
      message.visibleAt = simulation.now + VISIBILITY_MS;
    }
    const givenUp = new Set<Message>();
    const invocation = new Invocation(this.#gateway, owner, batch, (message, attributes) => {
      this.#givesUp(message, attributes);
      // The ledger counts this failure already, whoever redrives the dead letter before the invocation has ended.
      if (!givenUp.has(message)) this.#failed(message);
      givenUp.add(message);
    });
    const name = `${owner} (${batch.map(({ id }) => id).join()})`;
    simulation.spawn(
      name,
      TIMEOUT_MS,
      (call) => invocation.run(call),
      ({ ok }) => {
        if (invocation.ended(ok)) for (const message of messages) if (!givenUp.has(message)) this.#failed(message);
        this.#gateway.check();
      },
    );
  }

  #failed(message: Message): void {
    const key = this.#keyOf(message);
    this.#failures.set(key, (this.#failures.get(key) ?? 0) + 1);
  }

  #keyOf = ({ text }: Pick<Message, 'text'>): string => encodeKey(this.#gateway.decode(text));

  /** A processor puts a message into the dead-letter queue; the failure of its own invocation is not counted yet. */
  #givesUp({ text, sentAt = 0 }: Message, { [DEAD_LETTER.reason]: reason }: Attributes): void {
    const { lines, simulation, retry, repairs } = this.#gateway;
    const key = this.#keyOf({ text });
    const failures = 1 + (this.#failures.get(key) ?? 0);
    lines.isDeadLetter(key);
    repairs?.dies(text);
    if (reason === WAITED_TOO_LONG) {
      const isOld = simulation.now - sentAt > (WAIT_SHARE * retry.retentionSeconds - LONGEST_HOLD_SECONDS) * 1000;
      return simulation.promise(isOld, () => `${key} is said to have waited for too long`);
    }
    simulation.promise(
      // By the reason of this try: a handler that is mended meanwhile has still said so.
      failures >= retry.attempts || reason?.startsWith(PERMANENT) === true,
      () => `${key} is a dead letter after ${failures} failures`,
    );
  }

  #giveUp(message: Message): void {
    this.#gateway.lines.isDeadLetter(this.#keyOf(message));
    this.#gateway.simulation.promise(
      message.receives >= MAX_RECEIVES,
      () => `${message.id} is a dead letter after ${message.receives} receives`,
    );
    this.#gateway.queue.giveUp(message, this.#gateway.deadLetters);
  }
}
