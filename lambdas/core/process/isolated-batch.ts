import { TryFailed } from '../permanent-error.ts';
import type { Task } from './handle.ts';
import { Lane } from './lane.ts';
import type { Open } from './lane.ts';
import type { RunnerPorts } from './runner.ts';

/** Bytes of the bodies that handlers hold at a time: a nested body takes some fifty times its bytes once it is parsed. */
const MAX_BYTES_AT_A_TIME = 4 * 1024 * 1024;
/** Into so many parts the time is divided. A part without any progress shows that something holds up the rest. */
const PARTS = 12;
/** How often in a batch a runner may end before it was given anything: what it ends of is not an event. */
const MAX_IDLE_ENDS = 2;

/** Settles the promise of an event. */
type Settle = (open: Open) => void;

const failing =
  (reason: string): Settle =>
  (open) =>
    open.reject(new TryFailed(reason));

/**
 * Runs a customer's handler for each event, in processes that can be ended at any time: a handler that hangs, exits or runs out
 * of memory fails its own event alone, and has no effect after it was given up. Fresh events share a runner, side by side. An
 * event that comes again has a runner to itself, because it may be the one that ended the shared runner.
 */
export function runIsolated(tasks: readonly Task[], ports: RunnerPorts): readonly Promise<void>[] {
  const batch = new IsolatedBatch(ports);
  return tasks.map((task, place) => batch.add(task, place));
}

class IsolatedBatch {
  readonly #ports: RunnerPorts;
  readonly #lanes = new Set<Lane>();
  readonly #unsettled = new Set<Open>();
  #waiting: Open[] = [];
  readonly #cancelDeadline: () => void;
  #cancelTick: (() => void) | undefined;
  #hasProgressed = false;
  /** Whether the next event may start although handlers hold all the bytes that they may. */
  #isImpatient = false;
  #idleEnds = 0;

  constructor(ports: RunnerPorts) {
    this.#ports = ports;
    this.#cancelDeadline = ports.after(ports.patienceMs, () => void this.#giveUp());
  }

  add({ event, isRetry }: Task, place: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const open: Open = { event, isRetry, place, resolve, reject, isStarted: false };
    this.#unsettled.add(open);
    this.#waiting.push(open);
    this.#openLanes();
    this.#watch();
    return promise;
  }

  /** Opens the runners that are missing: one for each event that has one to itself, and a shared one for the others. */
  #openLanes(): void {
    const lanes = [...this.#lanes];
    for (const open of this.#waiting) {
      if (open.isRetry && !lanes.some(({ own }) => own === open)) lanes.push(this.#openLane(open));
      if (!open.isRetry && !lanes.some(({ own }) => own === undefined)) lanes.push(this.#openLane());
    }
  }

  #openLane(own?: Open): Lane {
    const lane = new Lane(own);
    this.#lanes.add(lane);
    lane.runner = this.#ports.open(
      {
        ready: () => {
          lane.isReady = lane.hasLoaded = this.#hasProgressed = true;
          this.#handOut();
        },
        started: (place) => {
          lane.start(place);
          this.#watch();
        },
        done: (place) => this.#settled(lane, place, (open) => open.resolve(undefined)),
        failed: (place, reason) => this.#settled(lane, place, failing(reason)),
        ended: (reason) => this.#ended(lane, reason),
      },
      own === undefined,
    );
    return lane;
  }

  /** Gives each runner that can take an event the next one, if the bodies under way leave room for it. */
  #handOut(): void {
    for (const lane of this.#lanes) {
      const open = lane.canTake ? this.#waiting.find((each) => lane.isFor(each) && this.#hasRoom(each)) : undefined;
      if (!open) continue;
      this.#waiting = this.#waiting.filter((each) => each !== open);
      this.#isImpatient = false;
      lane.give(open);
    }
    this.#watch();
  }

  #hasRoom({ event: { body } }: Open): boolean {
    const held = [...this.#lanes].reduce((sum, { bytes }) => sum + bytes, 0);
    return this.#isImpatient || held === 0 || held + body.length <= MAX_BYTES_AT_A_TIME;
  }

  #settled(lane: Lane, place: number, settle: Settle): void {
    const open = lane.take(place);
    if (!open) return;
    this.#hasProgressed = true;
    if (lane.own) void this.#end(lane);
    this.#settle(open, settle);
    this.#handOut();
  }

  /** A runner has ended of itself: what it had begun has failed, and the rest goes to another runner. */
  #ended(lane: Lane, reason: string): void {
    this.#lanes.delete(lane);
    if (lane.isEnding) return;
    const given = lane.takeAll();
    const begun = given.filter(({ isStarted }) => isStarted);
    this.#waiting = [...given.filter(({ isStarted }) => !isStarted), ...this.#waiting];
    if (begun.length === 0 && (!lane.hasLoaded || ++this.#idleEnds > MAX_IDLE_ENDS)) {
      begun.push(...this.#waiting.filter((open) => lane.isFor(open)));
      this.#waiting = this.#waiting.filter((open) => !lane.isFor(open));
    }
    for (const open of begun) this.#settle(open, failing(reason));
    this.#openLanes();
    this.#handOut();
  }

  /** Looks now and then whether something holds up what waits. */
  #watch(): void {
    const isHeldUp = this.#waiting.length > 0 || [...this.#lanes].some((lane) => lane.hasUnstarted);
    if (!isHeldUp) {
      this.#cancelTick?.();
      this.#cancelTick = undefined;
    } else this.#cancelTick ??= this.#ports.after(this.#ports.patienceMs / PARTS, () => this.#tick());
  }

  #tick(): void {
    this.#cancelTick = undefined;
    if (!this.#hasProgressed) {
      this.#isImpatient = true;
      const isBlocked = [...this.#lanes].every((lane) => lane.own !== undefined || lane.isBlocked);
      if (isBlocked && this.#waiting.some(({ isRetry }) => !isRetry)) this.#openLane();
    }
    this.#hasProgressed = false;
    this.#handOut();
  }

  /** The time is up: what is not done fails, once no handler can have an effect any more. */
  async #giveUp(): Promise<void> {
    await Promise.all([...this.#lanes].map((lane) => this.#end(lane)));
    for (const open of [...this.#unsettled]) this.#settle(open, failing(open.isStarted ? 'timed_out' : 'not_started'));
  }

  #end(lane: Lane): Promise<void> {
    lane.isEnding = true;
    return lane.runner?.end() ?? Promise.resolve();
  }

  #settle(open: Open, settle: Settle): void {
    if (!this.#unsettled.delete(open)) return;
    settle(open);
    if (this.#unsettled.size === 0) this.#finish();
  }

  #finish(): void {
    this.#cancelDeadline();
    this.#cancelTick?.();
    const free = [...this.#lanes].filter(({ isEnding }) => !isEnding);
    const kept = free.find(({ own, hasLoaded }) => own === undefined && hasLoaded);
    if (kept?.runner) this.#ports.keep(kept.runner);
    for (const lane of free) if (lane !== kept) void this.#end(lane);
  }
}
