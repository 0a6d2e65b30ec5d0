import { encodeKey } from '../../lambdas/core/event-key.ts';
import type { KeyKind } from '../../lambdas/core/event-key.ts';
import { UNKNOWN_TYPE } from '../../lambdas/core/event.ts';
import type { EventHead } from '../../lambdas/core/event.ts';
import type { HandledEvent } from '../../lambdas/core/process/handle.ts';
import { LEDGER } from '../../lambdas/contract.ts';
import { parseJson } from '../../lambdas/core/json.ts';
import { sha256 } from '../../lambdas/core/hash.ts';
import type { Decisions } from './decisions.ts';
import { ONE_FACT } from './identities.ts';
import type { Identity, Seen } from './identities.ts';
import type { Item } from './expressions.ts';
import type { Simulation } from './simulation.ts';

/** A delivery that was answered with 2xx. */
interface Acknowledged extends Omit<Seen, 'type'> {
  /** Absent if the key and the body say which event it is. */
  readonly type?: string;
  readonly receivedAt: number;
  readonly fate: Fate;
}

/**
 * The fate that an acknowledged event has to have; `safe` is processed or quarantined, `decided` processed
 * or dropped, `superseded` processed or skipped for a newer one, `settled` processed or a dead letter, `known` processed and never
 * taken for another event. */
export type Fate =
  | 'processed'
  | 'known'
  | 'superseded'
  | 'dead letter'
  | 'settled'
  | 'quarantined'
  | 'safe'
  | 'decided'
  | 'queued'
  | 'refused';

/** One run of the handler that took effect. */
export interface Effect extends Seen {
  readonly at: number;
  /** A fault hit the run, or killed it, after its effect and before its mark: only then may there be another run. */
  interrupted: boolean;
  /** The ledger says PROCESSED since. */
  marked: boolean;
}

const RANK: Readonly<Record<string, number>> = { PENDING: 0, QUEUED: 1, PROCESSED: 2, QUARANTINED: 2 };

/** Watches one schedule, and notes the moment at which a promise of docs/guarantees.md is broken. */
export class Promises {
  readonly #simulation: Simulation;
  readonly #decisions: Decisions;
  readonly #windowMs: number;
  readonly #identity: Identity;
  readonly #acknowledged: Acknowledged[] = [];
  readonly #effects: Effect[] = [];
  readonly #handling = new Map<string, string>();
  readonly #archived = new Set<string>();
  /** The events whose whole delivery, over which the signature is, was kept. */
  readonly #archivedWhole = new Set<string>();
  /** Events that were not handled, because a newer event was. */
  readonly #superseded = new Set<string>();
  /** Items that took the place of an expired one, by event key: each is a new event to the gateway. */
  readonly #renewed = new Map<string, number>();

  constructor(simulation: Simulation, decisions: Decisions, windowSeconds: number, identity: Identity) {
    this.#simulation = simulation;
    this.#decisions = decisions;
    this.#identity = identity;
    this.#windowMs = windowSeconds * 1000;
  }

  acknowledged(event: Acknowledged): void {
    this.#simulation.promise(event.fate !== 'refused', () => `a delivery that is not authentic was answered with 2xx`);
    this.#acknowledged.push(event);
  }

  /** A target is told of an event; each try of the source tells it again. */
  handed(event: Acknowledged): void {
    if (!this.#acknowledged.some(({ key }) => key === event.key)) this.acknowledged(event);
  }

  wasHanded = (key: string): boolean => this.#acknowledged.some((event) => event.key === key);

  isArchived = (key: string): boolean => this.#archived.has(key);

  /** Only a delivery that is not authentic is told to go away: any other would be lost. */
  refused(fate: Fate, status: number): void {
    this.#simulation.promise(fate === 'refused', () => `an authentic delivery was answered with ${status}`);
  }

  /** No status goes backward, and only an expired item makes way for a new one. */
  written(before: Item | undefined, after: Item | undefined): void {
    // An item without a status is not an event.
    if (before?.status === undefined) return;
    const expired = Number(before[LEDGER.ttl]?.N) < Math.floor(this.#simulation.now / 1000);
    const key = keyOf(before);
    if (after === undefined || after.firstReceivedAt?.S !== before.firstReceivedAt?.S || !after.status) {
      this.#simulation.promise(expired, () => `the item of ${key} was replaced before its time`);
      this.#renewed.set(key, (this.#renewed.get(key) ?? 0) + 1);
      return;
    }
    const [from = '', to = ''] = [before.status.S, after.status.S];
    const isRelease = from === 'QUARANTINED' && to === 'QUEUED' && this.#decisions.mayBeReleased(key);
    const forward =
      from === to || ((RANK[to] ?? -1) > (RANK[from] ?? 9) && !(from === 'QUEUED' && to === 'QUARANTINED'));
    this.#simulation.promise(forward || isRelease, () => `the status of ${key} went from ${from} to ${to}`);
    const orders = this.#decisions.written(key, after).length;
    if (orders === 0 && (from === 'PROCESSED' || to !== 'PROCESSED')) return;
    if (after.supersededBy && !this.#effects.some((effect) => effect.key === key)) this.#superseded.add(key);
    else this.#mark(key);
  }

  archived(events: readonly EventHead[]): void {
    for (const event of events) {
      this.#archived.add(encodeKey(event));
      for (const part of event.parts ?? []) this.#archivedWhole.add(encodeKey(part));
    }
  }

  handlingStarts(event: HandledEvent, owner: string): void {
    const key = encodeKey(event);
    this.#simulation.promise(this.#archived.has(key), () => `${key} is handled before its evidence is kept`);
    const isSafe = isWhole(event) || this.#archivedWhole.has(key);
    this.#simulation.promise(isSafe, () => `${key} is handled before the delivery that it came in is kept`);
    const other = this.#handling.get(key);
    this.#simulation.promise(other === undefined, () => `${owner} handles ${key} while ${other} does`);
    this.#handling.set(key, owner);
  }

  /** How many events are being handled now. */
  get handling(): number {
    return this.#handling.size;
  }

  /** The run on an event ended; or without a key, the function did. */
  handlingEnds(owner: string, ended?: string): void {
    for (const [key, holder] of this.#handling)
      if (holder === owner && key === (ended ?? key)) this.#handling.delete(key);
  }

  /** The handler's effect takes place. It happens once, but for runs that a fault kept from being marked. */
  effect(event: HandledEvent, interrupted: boolean): Effect {
    const [key, bodyHash] = [encodeKey(event), sha256(event.body)];
    const effect = { key, bodyHash, type: event.type, at: this.#simulation.now, interrupted, marked: false };
    this.#effects.push(effect);
    return effect;
  }

  /** The promises that hold at every moment, checked whenever a function ended. */
  check(quarantined: readonly EventHead[]): void {
    const waiting = quarantined.map(seen);
    for (const effect of this.#effects) {
      const { key } = effect;
      const name = this.#identity.of(effect);
      const runs = this.#effects.filter((other) => other.key === key || this.#identity.of(other) === name);
      const allowed = 1 + (this.#renewed.get(key) ?? 0);
      this.#simulation.promise(
        runs.filter(({ interrupted }) => !interrupted).length <= allowed + this.#decisions.orders(key),
        () => `the handler's effect on ${key} doubled`,
      );
      this.#simulation.promise(
        new Set(runs.map((run) => this.#identity.textOf(run))).size <= allowed,
        () => `two bodies of ${key} were processed`,
      );
      const waits = waiting.some((event) => this.#identity.isBoth(effect, event));
      const mayBe = allowed > 1 || this.#decisions.mayBeReleased(key);
      this.#simulation.promise(!waits || mayBe, () => `an event in quarantine was processed: ${key}`);
      this.#simulation.promise(!this.#decisions.isDropped(key), () => `${key} was dropped, and is processed`);
    }
    for (const event of quarantined)
      this.#simulation.promise(event.quarantine !== undefined, () => 'a quarantined event has no reason');
  }

  /** The promises that must hold once nothing more can happen. `queued` are the events that no processor has taken. */
  atEnd(quarantined: readonly EventHead[], queued: readonly EventHead[], dead: ReadonlySet<string>): void {
    this.check(quarantined);
    this.#decisions.atEnd(new Set(this.#effects.map(({ key }) => key)));
    const waiting = quarantined.map(seen);
    for (const acknowledged of this.#acknowledged) {
      const { key, bodyHash, receivedAt, fate } = acknowledged;
      const event = { ...acknowledged, type: acknowledged.type ?? UNKNOWN_TYPE };
      // An event is remembered for the window: what happened within it counts for this delivery too.
      const processed = this.#effects.some(
        (effect) => this.#identity.isDone(event, effect) && effect.at >= receivedAt - this.#windowMs - 1000,
      );
      const waits = waiting.some((other) => this.#identity.isWaiting(event, other));
      const isQueued = queued.some((other) => other.bodyHash === bodyHash);
      if (fate === 'known') this.#simulation.promise(!waits, () => `${key} is known, and waits as another event`);
      if (fate === 'processed' || fate === 'known')
        this.#simulation.promise(processed, () => `${key} was acknowledged and never processed`);
      const isDecided = processed || this.#decisions.isDropped(key);
      if (fate === 'settled')
        this.#simulation.promise(processed || dead.has(key), () => `${key} was acknowledged, and nothing came of it`);
      if (fate === 'decided')
        this.#simulation.promise(isDecided, () => `${key} was acknowledged, and is neither processed nor dropped`);
      if (fate === 'superseded')
        this.#simulation.promise(
          processed || this.#superseded.has(key),
          () => `${key} was acknowledged, and is neither processed nor superseded`,
        );
      if (fate === 'queued') this.#simulation.promise(isQueued, () => `${key} was acknowledged and never queued`);
      if (fate === 'quarantined')
        this.#simulation.promise(waits, () => `${key} was acknowledged and is not in quarantine`);
      if (fate === 'safe') this.#simulation.promise(processed || waits, () => `${key} was acknowledged and is lost`);
    }
  }

  /** At the end the ledger says of what was processed that it was, unless it has forgotten it. */
  ledgerAtEnd(items: readonly Item[]): void {
    for (const { key } of this.#effects) {
      const status = items.find((item) => keyOf(item) === key)?.status?.S ?? 'PROCESSED';
      const isRenewed = this.#renewed.has(key);
      this.#simulation.promise(
        status === 'PROCESSED' || isRenewed,
        () => `${key} was processed, and is left ${status}`,
      );
    }
  }

  #mark(key: string): void {
    const run = this.#effects.findLast((effect) => effect.key === key && !effect.marked);
    this.#simulation.promise(
      run !== undefined || this.#identity === ONE_FACT,
      () => `${key} is PROCESSED, and no handler ran`,
    );
    if (run) run.marked = true;
  }

  state = (): string =>
    JSON.stringify([
      ...[this.#acknowledged, this.#effects],
      ...[this.#handling, this.#archived, this.#archivedWhole, this.#renewed, this.#superseded].map((all) => [...all]),
    ]);
}

const seen = (event: EventHead): Seen => ({ key: encodeKey(event), bodyHash: event.bodyHash, type: event.type });

/** The event key that an item shows, encoded: what tells two events apart, whatever the ledger's own key is. */
const keyOf = ({ eventKey, keyKind }: Item): string =>
  encodeKey({ key: eventKey?.S ?? '', ...(keyKind?.S !== undefined && { keyKind: keyKind.S as KeyKind }) });

/** Whether an event's body is its whole delivery: it has no pointer, or one that leads to a place in that body. */
const isWhole = ({ pointer, body }: HandledEvent): boolean =>
  pointer === undefined ||
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], parseJson(body)) !==
    undefined;
