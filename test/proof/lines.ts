import { encodeKey } from '../../lambdas/core/event-key.ts';
import type { HandledEvent } from '../../lambdas/core/process/handle.ts';
import type { OrderConfig } from '../../lib/config/order.ts';
import { orderKeyOf } from '../../lambdas/core/line.ts';
import type { Decisions } from './decisions.ts';
import type { Effect, Fate } from './promises.ts';
import type { Simulation } from './simulation.ts';

/** How the source's events are ordered in a scenario. */
export interface OrderPromised extends OrderConfig {
  /** Texts in the bodies that a broken handler handles all the same. */
  readonly sound?: readonly string[];
}

/** An event as far as its line goes. */
interface InLine {
  readonly line: string;
  /** Events of the line that were acknowledged before this one was sent first. */
  readonly before: ReadonlySet<string>;
}

interface Done {
  readonly line: string;
  readonly key: string;
  readonly time: string;
  readonly effect: Effect;
}

/** Watches what is promised of order in one schedule: nothing, unless the scenario's source is ordered. */
export class LinePromises {
  readonly order: OrderPromised | undefined;
  readonly #simulation: Simulation;
  readonly #sent = new Map<string, InLine>();
  readonly #acknowledged = new Map<string, Fate>();
  /** The events that are being handled, and by whom. */
  readonly #handling = new Map<string, { readonly line: string; readonly owner: string }>();
  readonly #done: Done[] = [];
  /** Events that were dead letters. */
  readonly #excused = new Set<string>();

  readonly #decisions: Decisions;

  constructor(simulation: Simulation, decisions: Decisions, order: OrderPromised | undefined) {
    this.#simulation = simulation;
    this.#decisions = decisions;
    this.order = order;
  }

  sent(key: string, body: string): void {
    const line = this.#lineOf(Buffer.from(body));
    if (line === undefined || this.#sent.has(key)) return;
    const before = [...this.#acknowledged.keys()].filter((other) => this.#sent.get(other)?.line === line);
    this.#sent.set(key, { line, before: new Set(before) });
  }

  acknowledged = (key: string, fate: Fate): void => void this.#acknowledged.set(key, fate);
  isDeadLetter = (key: string): void => void this.#excused.add(key);

  /** Whether the handler handles an event although it is broken for others. */
  isSound({ body }: HandledEvent): boolean {
    return this.order?.sound?.some((text) => body.includes(text)) === true;
  }

  handlingStarts(event: HandledEvent, owner: string): void {
    const line = this.#lineOf(event.body);
    if (line === undefined) return;
    const key = encodeKey(event);
    for (const [other, held] of this.#handling)
      this.#simulation.promise(
        other === key || held.line !== line,
        () => `${owner} handles ${key} while ${held.owner} handles ${other} of the same line`,
      );
    this.#handling.set(key, { line, owner });
    const newer = this.#newer(line, event.time ?? '');
    const { supersededBy: told } = event;
    this.#simulation.promise(!newer || told !== undefined, () => `${key} is not told that ${newer?.key} was handled`);
    const isSo = told === undefined || this.#done.some((done) => done.key === encodeKey(told));
    this.#simulation.promise(isSo, () => `${key} is told of ${told?.key}, which was not handled`);
    const isOlder = told === undefined || told.time > (event.time ?? '');
    this.#simulation.promise(isOlder, () => `${key} is told that it is older than ${told?.key}, and is not`);
    this.#simulation.promise(!newer || !this.order?.newestOnly, () => `${key} is handled after ${newer?.key}`);
  }

  handlingEnds(owner: string, ended?: string): void {
    for (const [key, held] of this.#handling)
      if (held.owner === owner && key === (ended ?? key)) this.#handling.delete(key);
  }

  effect(event: HandledEvent, effect: Effect): void {
    const line = this.#lineOf(event.body);
    if (line === undefined) return;
    const key = encodeKey(event);
    for (const earlier of this.#sent.get(key)?.before ?? [])
      this.#simulation.promise(
        this.#isFree(earlier) || this.#done.some((done) => done.key === earlier),
        () => `${key} is handled before ${earlier}, which came first`,
      );
    for (const { key: later } of this.#done)
      this.#simulation.promise(
        this.#isFree(key) || !this.#sent.get(later)?.before.has(key),
        () => `${key} is handled after ${later}, which came later`,
      );
    this.#done.push({ line, key, time: event.time ?? '', effect });
  }

  atEnd(deadLetters: readonly string[]): void {
    for (const [key, fate] of this.#acknowledged)
      this.#simulation.promise(fate !== 'dead letter' || deadLetters.includes(key), () => `${key} is no dead letter`);
  }

  /** Whether its place no longer binds an event: it was a dead letter, or is processed again by order. */
  #isFree = (key: string): boolean => this.#excused.has(key) || this.#decisions.orders(key) > 0;

  /** An event of the line that is newer, and was marked as processed. */
  #newer = (line: string, time: string): Done | undefined =>
    this.#done.find((done) => done.line === line && done.time > time && done.effect.marked);

  #lineOf = (body: Buffer): string | undefined => this.order && orderKeyOf(body, this.order.by);

  state = (): string =>
    this.order
      ? JSON.stringify([
          [...this.#sent].map(([key, { before }]) => [key, ...before]),
          ...[[...this.#acknowledged], [...this.#handling], [...this.#excused]],
          this.#done.map(({ key }) => key),
        ])
      : '';
}
