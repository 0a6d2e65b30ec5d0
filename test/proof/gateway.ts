import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { DEAD_LETTER, LEDGER, LEDGER_KEY } from '../../lambdas/contract.ts';
import type { Event, EventHead } from '../../lambdas/core/event.ts';
import { encodeKey } from '../../lambdas/core/event-key.ts';
import { encodeMessage } from '../../lambdas/core/message.ts';
import { identifyAll } from '../../lambdas/core/receive/identify.ts';
import type { Options } from '../../lambdas/core/envelope.ts';
import type { BodyStore, EventQueue, Ledger } from '../../lambdas/core/ports.ts';
import type { Observer } from '../../lambdas/core/observer.ts';
import type { Lines, Ordering } from '../../lambdas/core/line.ts';
import type { Breaker } from '../../lambdas/core/process/admit.ts';
import type { BreakerState } from '../../lambdas/core/process/breaker.ts';
import type { RetryPolicy } from '../../lambdas/core/process/retry.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import type { Source } from '../../lambdas/core/source.ts';
import { MemoryArchive } from './archive.ts';
import { BreakerPromises } from './breaker.ts';
import type { World } from './budget.ts';
import { Decisions } from './decisions.ts';
import type { Item } from './expressions.ts';
import type { Product } from './product.ts';
import { Promises } from './promises.ts';
import type { Fate } from './promises.ts';
import { RepairPromises } from './repairs.ts';
import { BY_KEY } from './identities.ts';
import type { Identity, Seen } from './identities.ts';
import { MemoryQueue } from './queue.ts';
import { EVERY_FAULT, READ_FAULTS } from './faults.ts';
import { Simulation } from './simulation.ts';
import type { Call, Fault, Move } from './faults.ts';
import { LinePromises } from './lines.ts';
import type { OrderPromised } from './lines.ts';
import { MemoryTable } from './table.ts';

/** A policy like the product's, with fewer tries: each is one more step of every schedule. */
const RETRY: RetryPolicy = {
  ...{ attempts: 3, firstDelaySeconds: 15, maxDelaySeconds: 20 },
  retentionSeconds: 14 * 86_400,
};

export const START = Date.parse('2026-01-02T03:04:05.000Z');

const URL_OF_SOURCE = 'https://hooks.example.com/webhooks/source';

/** Something that acts beside the gateway's own functions: a provider, the processor's queue, an operator. */
export interface Surroundings {
  moves(): Move[];
  times(): readonly number[];
  state(): string;
  /** Checks what must have come true once nothing more can happen. */
  atEnd?(): void;
}

/** A dead letter from before the start. */
interface OldLetter {
  readonly body: string;
  readonly fate: Fate;
  /** Why its last try failed. */
  readonly reason: string;
  /** Whether it has gone back by itself before. */
  readonly wasRepaired?: boolean;
}

/** A target of the scenario's source. */
export interface TargetSettings {
  /** `source.target`. */
  readonly name: string;
  /** It takes nothing, ever: its events are to be dead letters. */
  readonly isDown?: boolean;
  /** Who acts on it: its processor. */
  readonly surroundings: readonly ((gateway: Gateway) => Surroundings)[];
}

/** A target as the explorer has it: to itself a source whose events come from another's processor. */
export interface Target {
  readonly name: string;
  readonly isDown: boolean;
  readonly lane: Gateway;
}

export interface GatewaySettings {
  readonly product: Product;
  /** Who acts on it: the actors of the scenario. */
  readonly surroundings: readonly ((gateway: Gateway) => Surroundings)[];
  /** By default optum: an event's identity and time are in its signed body, and no timestamp is. */
  readonly provider?: Provider;
  readonly options?: Options;
  readonly windowSeconds?: number;
  /** How its events are told apart; by default by their keys and their bodies. */
  readonly identity?: Identity;
  /** Somebody reads the archive: what is in it then tells states apart. */
  readonly isArchiveRead?: boolean;
  /** The handler fails until somebody mends it. A text names an error that is permanent; after `true` another try may succeed. */
  readonly handlerIsBroken?: boolean | string;
  /** The state of the source's breaker at the start; without it the source has none, and no call is made for it. */
  readonly breaker?: BreakerState;
  /** An operator has paused the source before the start. */
  readonly isPaused?: boolean;
  /** How the source's events are ordered. By default they are not. */
  readonly order?: OrderPromised;
  /** The dead letters at the start; their source's go back by themselves once it has recovered. */
  readonly deadLetters?: readonly OldLetter[];
  /** The targets of the source. By default it has none. */
  readonly targets?: readonly TargetSettings[];
  /** Set if this is a target: what the source's events happen in too. */
  readonly within?: Simulation;
  /** Tries of an event, of which the last one makes it a dead letter; by default three. */
  readonly attempts?: number;
  /** Seconds for which the queue keeps a message; by default it is longer than any scenario. */
  readonly retentionSeconds?: number;
}

/** The whole gateway of one source, on services in memory: the product's code between its providers and its handler. */
export class Gateway implements World {
  readonly simulation: Simulation;
  readonly product: Product;
  readonly source: Source;
  readonly promises: Promises;
  readonly lines: LinePromises;
  /** Undefined if the source has no breaker. */
  readonly breaker: BreakerPromises | undefined;
  /** Undefined if no dead letter goes back by itself. */
  readonly repairs: RepairPromises | undefined;
  readonly retry: RetryPolicy;
  readonly table: MemoryTable;
  readonly queue: MemoryQueue;
  readonly quarantine: MemoryQueue;
  readonly targets: readonly Target[];
  readonly deadLetters: MemoryQueue;
  readonly decisions: Decisions;
  readonly archive = new MemoryArchive();
  /** The bodies that no message holds. */
  readonly objects = new Map<string, Buffer>();
  readonly observer: Observer = SILENT;
  handlerIsBroken: boolean | string;
  readonly #surroundings: readonly Surroundings[];
  readonly #isArchiveRead: boolean;
  #quarantined: readonly EventHead[] = [];

  constructor({ product, surroundings, windowSeconds = 14 * 86_400, ...settings }: GatewaySettings) {
    const {
      provider = product.optum,
      options = {},
      handlerIsBroken = false,
      identity = BY_KEY,
      isArchiveRead = false,
      order,
      breaker,
      isPaused = false,
      deadLetters,
      attempts = RETRY.attempts,
      retentionSeconds = RETRY.retentionSeconds,
      targets = [],
      within,
    } = settings;
    this.retry = { ...RETRY, attempts, retentionSeconds };
    this.simulation = within ?? new Simulation(START);
    this.decisions = new Decisions(this.simulation);
    const of = within ? `${provider.name} ` : '';
    this.quarantine = new MemoryQueue(`${of}quarantine`, this.simulation.clock);
    this.queue = new MemoryQueue(`${of}queue`, this.simulation.clock, retentionSeconds !== RETRY.retentionSeconds);
    this.deadLetters = new MemoryQueue(`${of}dead letters`, this.simulation.clock, deadLetters !== undefined);
    this.repairs = deadLetters && new RepairPromises(this.simulation);
    this.product = product;
    this.source = { name: provider.name, provider, options, windowSeconds, maxBodyBytes: 4_500_000 };
    this.promises = new Promises(this.simulation, this.decisions, windowSeconds, identity);
    this.lines = new LinePromises(this.simulation, this.decisions, order);
    this.breaker = breaker && new BreakerPromises(this.simulation, this.source.name);
    this.table = new MemoryTable((before, after) => {
      this.promises.written(before, after);
      this.breaker?.written(before, after);
    });
    if (breaker) this.table.execute(this.#breakerItem(breaker, isPaused));
    this.handlerIsBroken = handlerIsBroken;
    this.#isArchiveRead = isArchiveRead;
    for (const letter of deadLetters ?? []) this.#bury(letter);
    this.targets = targets.map(({ name, isDown = false, surroundings: own }) => ({
      ...{ name, isDown },
      lane: new Gateway({
        ...{ product, windowSeconds, attempts, within: this.simulation, handlerIsBroken: isDown },
        ...(order && { order }),
        provider: { ...provider, name },
        surroundings: own,
      }),
    }));
    this.#surroundings = [...surroundings.map((make) => make(this)), ...this.targets.map(({ lane }) => lane)];
  }

  moves = (): Move[] => this.#surroundings.flatMap((surroundings) => surroundings.moves());

  times(): number[] {
    const calm = this.simulation.quiet && this.queue.messages.length === 0;
    const soon = this.simulation.now + FAR_MS;
    return this.#surroundings.flatMap((surroundings) => surroundings.times()).filter((moment) => calm || moment < soon);
  }

  state = (): string =>
    [
      this.table.state(),
      this.queue.state(),
      this.quarantine.state(),
      this.deadLetters.state(),
      this.decisions.state(),
      this.#isArchiveRead && this.archive.state(),
      this.promises.state(),
      this.lines.state(),
      this.breaker?.state(),
      this.repairs?.state(),
      this.handlerIsBroken,
      [...this.objects.keys()].join(),
      ...this.#surroundings.map((surroundings) => surroundings.state()),
    ].join('|');

  /** The ledger as one invocation sees it: the real adapter, each of whose calls the schedule decides on. */
  ledger(call: Call, onFault?: (fault: Fault, operation: string) => void): Ledger {
    const make = (operation: string): Ledger =>
      this.product.dynamoLedger({
        ...{ table: 'ledger', windowSeconds: this.source.windowSeconds, clock: this.simulation.clock },
        client: this.dynamo(call, operation, (fault) => onFault?.(fault, operation)),
      });
    return new Proxy({} as Ledger, { get: (_, name: string) => Reflect.get(make(name), name) as unknown });
  }

  /** The order of the source's events as one invocation sees it: the real adapter. */
  ordering(call: Call, onFault?: (fault: Fault) => void): Ordering | undefined {
    const { order } = this.lines;
    if (!order) return undefined;
    const make = (operation: string): Lines =>
      this.product.dynamoLines({
        ...{ table: 'ledger', windowSeconds: this.source.windowSeconds, clock: this.simulation.clock },
        client: this.dynamo(call, operation, onFault),
      });
    return {
      ...order,
      lines: new Proxy({} as Lines, { get: (_, name: string) => Reflect.get(make(name), name) as unknown }),
    };
  }

  /** The source's breaker as a container sees it that has just started: the real adapter. */
  breakerOf(call: Call, onFault: () => void): Breaker {
    const settings = { table: 'ledger', source: this.source.name, clock: this.simulation.clock };
    return this.product.dynamoBreaker({ ...settings, client: this.dynamo(call, 'breaker', onFault) });
  }

  /** A dead letter from before the start: its delivery was acknowledged then. */
  #bury({ body, fate, reason, wasRepaired = false }: OldLetter): void {
    const [event] = this.#identify(body);
    if (!event) throw new Error('a dead letter without an event');
    const attributes = { [DEAD_LETTER.reason]: reason, ...(wasRepaired && { [DEAD_LETTER.repaired]: 'once' }) };
    this.deadLetters.put(encodeMessage(event), { attributes, sentAt: START - 60_000 });
    const key = encodeKey(event);
    this.promises.acknowledged({ key, bodyHash: event.bodyHash, receivedAt: START, fate });
    this.lines.acknowledged(key, fate);
  }

  #breakerItem = (state: BreakerState, isPaused: boolean): PutItemCommand =>
    new PutItemCommand({
      TableName: 'ledger',
      Item: {
        [LEDGER.partitionKey]: { S: LEDGER_KEY.breaker(this.source.name) },
        ...{ state: { S: JSON.stringify(state) }, version: { N: '1' } },
        ...(isPaused && { pausedAt: { N: String(START) } }),
      },
    });

  /** DynamoDB as one invocation sees it. */
  dynamo(call: Call, operation: string, onFault?: (fault: Fault) => void): DynamoDBClient {
    const send = (command: object): Promise<unknown> =>
      call(
        `${operation}, ${command.constructor.name.replace('Command', '')}`,
        () => this.#tableOf(command).execute(command),
        {
          faults: command instanceof GetItemCommand ? READ_FAULTS : EVERY_FAULT,
          ...(onFault && { onFault }),
        },
      );
    return { send } as unknown as DynamoDBClient;
  }

  /** The table of whom an item's key names: each target has a table here, which its own promises watch; the product has one for all. */
  #tableOf(command: object): MemoryTable {
    const { Key, Item: item } = (command as { readonly input: { readonly Key?: Item; readonly Item?: Item } }).input;
    const [, owner] = ((Key ?? item)?.[LEDGER.partitionKey]?.S ?? '').split('#');
    return this.targets.find(({ name }) => name === owner)?.lane.table ?? this.table;
  }

  /** The events that the gateway reads in a delivery. A key is empty if there is none. */
  eventsOf(body: string, headers: Readonly<Record<string, string>> = {}): readonly Seen[] {
    return this.#identify(body, headers).map((event) => ({
      key: event.keyKind === 'body-hash' && event.quarantine !== undefined ? '' : encodeKey(event),
      ...{ bodyHash: event.bodyHash, type: event.type },
    }));
  }

  #identify(body: string, headers: Readonly<Record<string, string>> = {}): readonly Event[] {
    const delivery = {
      method: 'POST',
      url: URL_OF_SOURCE,
      headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
      body: Buffer.from(body),
    };
    const verdict = { ok: true, secret: { label: 'current', versionId: '' } } as const;
    return identifyAll({ delivery, verdict, receivedAt: new Date(this.simulation.now) }, this.source);
  }

  /** The key, encoded, of the one event in a body. */
  keyOf = (body: string): string => this.eventsOf(body)[0]?.key ?? '';

  /** A queue as one invocation sees it: the real adapter. */
  sender(to: MemoryQueue, call: Call): EventQueue {
    const send = (command: unknown): Promise<unknown> => call(`send to the ${to.url}`, () => to.execute(command));
    return this.product.sqsQueue(to.url, { send } as unknown as SQSClient, this.bodies(call));
  }

  /** The large bodies as one invocation sees them: the real adapter. */
  bodies(call: Call): BodyStore {
    return this.product.bodyStore({
      put: (key, body) => call('put the body', () => void this.objects.set(key, body)),
      get: (key) => call('get the body', () => this.objects.get(key), { faults: READ_FAULTS, digest: () => key }),
    });
  }

  /** The archive as one invocation sees it. */
  keep(place: string, events: readonly Event[]): void {
    this.promises.archived(events);
    if (this.#isArchiveRead) this.archive.put(place, events);
  }

  check(): void {
    for (const { lane } of this.targets) lane.check();
    this.promises.check(this.#waiting());
    for (const { id, visibleAt, sentAt = visibleAt } of this.queue.messages)
      this.simulation.promise(
        visibleAt - sentAt <= this.retry.retentionSeconds * 1000,
        () => `${id} is hidden until its queue has deleted it`,
      );
  }

  atEnd(): void {
    const queued = this.queue.messages.map(({ text }) => this.decode(text));
    const dead = this.deadLetters.messages.map(({ text }) => encodeKey(this.decode(text)));
    this.promises.atEnd(this.#waiting(), queued, new Set(dead));
    this.promises.ledgerAtEnd(this.table.all());
    this.lines.atEnd(dead);
    for (const surroundings of this.#surroundings) surroundings.atEnd?.();
  }

  #waiting(): readonly EventHead[] {
    const { messages } = this.quarantine;
    if (messages.length !== this.#quarantined.length) this.#quarantined = messages.map(({ text }) => this.decode(text));
    return this.#quarantined;
  }

  decode(text: string): EventHead {
    const message = this.product.decodeMessage(text);
    if (!message.ok) throw new Error('a queue holds what cannot be read');
    return message.value;
  }
}

/** Time passes by more than this only when nothing is under way: no call is late by a day. */
const FAR_MS = 3_600_000;

const nothing = (): void => undefined;
const SILENT: Observer = new Proxy({} as Observer, { get: () => nothing });
