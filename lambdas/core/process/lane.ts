import type { Task } from './handle.ts';
import type { Runner } from './runner.ts';

/** An event whose handler is not done. */
export interface Open extends Task {
  /** The event's place in its batch. */
  readonly place: number;
  readonly resolve: (value: undefined) => void;
  readonly reject: (error: Error) => void;
  isStarted: boolean;
}

/** A runner in a batch, and the events that it has. */
export class Lane {
  /** The one event that the runner is for; undefined if events share it. */
  readonly own: Open | undefined;
  runner: Runner | undefined;
  isReady = false;
  hasLoaded = false;
  isEnding = false;
  readonly #given = new Map<number, Open>();

  constructor(own: Open | undefined) {
    this.own = own;
  }

  /** Bytes of the bodies that it has. */
  get bytes(): number {
    return [...this.#given.values()].reduce((sum, { event }) => sum + event.body.length, 0);
  }

  get canTake(): boolean {
    return this.isReady && !this.isEnding;
  }

  /** Its handler was called, and has not returned its promise yet: it may never do so. */
  get isBlocked(): boolean {
    return this.hasLoaded && !this.isReady;
  }

  get hasUnstarted(): boolean {
    return [...this.#given.values()].some(({ isStarted }) => !isStarted);
  }

  isFor = (open: Open): boolean => (this.own ? open === this.own : !open.isRetry);

  give(open: Open): void {
    this.isReady = false;
    this.#given.set(open.place, open);
    this.runner?.run(open.place, open.event);
  }

  start(place: number): void {
    const open = this.#given.get(place);
    if (open) open.isStarted = true;
  }

  take(place: number): Open | undefined {
    const open = this.#given.get(place);
    this.#given.delete(place);
    return open;
  }

  takeAll(): Open[] {
    const all = [...this.#given.values()];
    this.#given.clear();
    return all;
  }
}
