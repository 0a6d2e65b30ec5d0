import { EVERY_FAULT } from './faults.ts';
import type { Call, Fault, Move, Outcome } from './faults.ts';
import { attempt } from './actors.ts';
import type { Actor, Waiting } from './actors.ts';
import { hash } from './hash.ts';

const outage = (name: string): Error => Object.assign(new Error('injected'), { name });
const REFUSED = outage('ServiceUnavailable');
const TIMED_OUT = outage('TimeoutError');

/**
 * Functions that run side by side, each stopped at each of its calls until the schedule lets one go on. Time stands still
 * unless the schedule moves it; nothing here waits for a real timer.
 */
export class Simulation {
  /** Milliseconds since the epoch. */
  now: number;
  /** An operator has run a command. */
  hasOperator = false;
  /** The first promise that was broken. */
  broken: string | undefined;
  readonly #actors = new Map<number, Actor>();
  #late: Pick<Waiting, 'label' | 'effect' | 'isOff'>[] = [];
  #spawned = 0;

  constructor(start: number) {
    this.now = start;
  }

  clock = (): number => this.now;

  /** Notes a promise that does not hold: nothing that the product's code catches could hide it. */
  promise(holds: boolean, otherwise: () => string): void {
    if (!holds) this.broken ??= otherwise();
  }

  isBroken = (): boolean => this.broken !== undefined;

  /** Nothing runs, and no slow call is on its way. */
  get quiet(): boolean {
    return this.#actors.size === 0 && this.#arriving.length === 0;
  }

  /**
   * Starts a function as Lambda does: it is killed if it outlasts `timeoutMs`. `ended` is told once, synchronously for a
   * killed one.
   */
  spawn<Answer>(
    name: string,
    timeoutMs: number,
    run: (call: Call) => Promise<Answer>,
    ended: (outcome: Outcome<Answer>) => void,
  ): void {
    const id = this.#spawned++;
    const deadline = this.now + timeoutMs;
    const actor: Actor = { id, name, deadline, waiting: [], history: 0, ended: ended as Actor['ended'] };
    this.#actors.set(id, actor);
    const end = (outcome: Outcome<Answer>): void => {
      if (this.#actors.delete(id)) ended(outcome);
    };
    const call: Call = (
      label,
      effect,
      { faults = EVERY_FAULT, takes = 0, onFault, isOff, outlives = false, digest } = {},
    ) =>
      new Promise((resolve, reject) => {
        const settled = { resolve: resolve as Waiting['resolve'], reject };
        actor.waiting.push({
          ...{ label, effect, faults, onFault, isOff, outlives, digest, ...settled },
          readyAt: this.now + takes,
        });
      });
    run(call).then(
      (answer) => {
        for (const each of actor.waiting) if (each.outlives) this.#goLate(actor, each);
        end({ ok: true, answer });
      },
      () => end({ ok: false }),
    );
  }

  /** The moves that are possible next, the calls that just succeed first. */
  moves(): Move[] {
    const moves: Move[] = [];
    const faults: Move[] = [];
    for (const actor of this.#actors.values()) {
      let ready = false;
      for (const waiting of actor.waiting) {
        if (waiting.readyAt > this.now || waiting.isOff?.()) continue;
        ready = true;
        const label = `${actor.name}: ${waiting.label}`;
        moves.push({ label, faults: 0, actor: actor.id, apply: () => this.#goOn(actor, waiting) });
        for (const fault of waiting.faults)
          faults.push({
            label: `${label} [${fault}]`,
            faults: 1,
            actor: actor.id,
            apply: () => this.#fail(actor, waiting, fault),
          });
      }
      if (!ready && actor.deadline <= this.now)
        moves.push({ label: `${actor.name} [timed out]`, faults: 0, apply: () => this.#kill(actor) });
    }
    this.#arriving.forEach((call) =>
      moves.push({ label: `late: ${call.label}`, faults: 0, apply: () => this.#arrive(call) }),
    );
    return [...moves, ...faults];
  }

  /**
   * Moments at which something becomes possible. The end of a function is one only if it can do nothing before: being
   * killed is a fault of its own, at every call.
   */
  times(): number[] {
    return [...this.#actors.values()].flatMap(({ deadline, waiting }) => {
      const ready = waiting
        .filter(({ isOff }) => !isOff?.())
        .map(({ readyAt }) => readyAt)
        .filter((moment) => moment <= deadline);
      return ready.length > 0 ? ready : [deadline];
    });
  }

  /** Whether time may move on to this moment. */
  mayReach = (moment: number): boolean => [...this.#actors.values()].every(({ deadline }) => deadline >= moment);

  /** The text that tells two states apart. */
  state(): string {
    const actors = [...this.#actors.values()].map(({ name, history, deadline }) => `${name} ${history} ${deadline}`);
    return `${this.now}|${actors.sort().join()}|${this.#arriving.map(({ label }) => label).join()}`;
  }

  /** Calls that can still take effect. */
  get #arriving(): Pick<Waiting, 'label' | 'effect' | 'isOff'>[] {
    return this.#late.filter(({ isOff }) => !isOff?.());
  }

  #take(actor: Actor, waiting: Waiting): void {
    actor.waiting.splice(actor.waiting.indexOf(waiting), 1);
  }

  #goOn(actor: Actor, waiting: Waiting, twice = false): void {
    const { label, effect, digest, resolve, reject } = waiting;
    this.#take(actor, waiting);
    let answer: unknown;
    try {
      if (twice) attempt(effect);
      answer = effect();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#remember(actor, `${label}!${error.name}`);
      reject(error);
      return;
    }
    this.#remember(actor, `${label}=${digest ? digest() : JSON.stringify(answer)}`);
    resolve(answer);
  }

  #fail(actor: Actor, waiting: Waiting, fault: Fault): void {
    if (fault !== 'hangs' && fault !== 'ends') waiting.onFault?.(fault);
    if (fault === 'again') return this.#goOn(actor, waiting, true);
    if (fault === 'crash before') return this.#kill(actor);
    this.#take(actor, waiting);
    if (fault === 'hangs' || fault === 'ends') {
      // Nobody hears of it: the caller has to find out by itself.
      this.#remember(actor, `${waiting.label}!${fault}`);
      if (fault === 'hangs') this.#goLate(actor, waiting);
      return waiting.onFault?.(fault);
    }
    if (fault === 'crash after' || fault === 'error after') attempt(waiting.effect);
    if (fault === 'crash after') return this.#kill(actor);
    if (fault === 'slow')
      this.#late.push({ label: `${actor.name}: ${waiting.label}`, effect: waiting.effect, isOff: undefined });
    const error = fault === 'error before' ? REFUSED : TIMED_OUT;
    this.#remember(actor, `${waiting.label}!${error.name}`);
    waiting.reject(error);
  }

  #kill(actor: Actor): void {
    if (this.#actors.delete(actor.id)) actor.ended({ ok: false });
  }

  /** The call takes effect at any later moment. */
  #goLate({ name }: Actor, { label, effect, isOff }: Waiting): void {
    this.#late.push({ label: `${name}: ${label}`, effect, isOff });
  }

  #arrive(call: Pick<Waiting, 'effect'>): void {
    this.#late = this.#late.filter((each) => each !== call);
    attempt(call.effect);
  }

  #remember(actor: Actor, answer: string): void {
    actor.history = hash(`${actor.history}|${this.now}|${answer}`);
  }
}
