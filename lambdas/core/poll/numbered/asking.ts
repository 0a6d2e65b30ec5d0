import { HttpFault } from '../../http/http.ts';
import type { HttpFaultReason } from '../../http/http.ts';
import type { RecoveryPorts } from '../../numbered-events.ts';
import { refuse } from '../../result.ts';
import type { Result } from '../../result.ts';
import { safeOf } from './look.ts';
import type { Lookup } from './look.ts';
import { firstOf, without } from './ranges.ts';
import type { Range } from './ranges.ts';
import type { NumberedEvent, NumberingServer, ServerFault } from './server.ts';

export interface Fetching {
  readonly server: NumberingServer;
  readonly subscription: string;
  readonly ports: RecoveryPorts;
  readonly isSafe: Lookup;
  readonly windowSize: bigint;
  /** A number of which the gateway has the event: the server is asked for it to learn whether it answers at all. */
  readonly known?: bigint | undefined;
}

/** The fate of some numbers: not in a successful answer, refused although asked for alone, or not asked for. */
export interface Part extends Range {
  readonly fate: 'absent' | 'refused' | 'unasked';
}

type Reason = ServerFault | HttpFaultReason;
interface Refusal {
  readonly reason: Reason;
}

/** Numbers that may be refused in a row before the server is asked whether it answers at all. */
const DOUBTS = 3;
/** Refusals that are about the event: the server has answered. */
const ABOUT_THE_EVENT: readonly Reason[] = ['too_deep', 'too_large'];
/** Refusals that are about whoever asks: another number would be refused too. */
const ABOUT_THE_CALLER: readonly Reason[] = ['gone', 'http_401', 'http_429'];

/**
 * The questions of one poll to the server. A range that it refuses is halved until the numbers are found that it refuses alone. They
 * are told once the server has answered another question since: as long as it answers none, it may be out of order, and nobody knows
 * what it has.
 */
export class Asking {
  /** False once nothing more can be asked for in this poll. */
  goesOn = true;
  /** False if the server cannot be asked for events. */
  canRecover = true;
  /** Numbers that the server refuses alone, while it answers for others. */
  readonly refused = new Set<bigint>();
  readonly #fetching: Fetching;
  readonly #doubts: (Refusal & { readonly number: bigint; readonly isTold: boolean })[] = [];
  #calls: number;
  #hasAnswered = false;
  #known: bigint | undefined;

  constructor(fetching: Fetching) {
    this.#fetching = fetching;
    this.#calls = fetching.ports.maxCalls;
    this.#known = fetching.known;
  }

  /** Asks for a window, and returns the numbers of it that are still missing. `isTold`: they were told before. */
  async askFor(window: Range, isTold: boolean): Promise<Part[]> {
    const { from, to } = window;
    const answer = await this.#fetch(window);
    if (!answer) return [{ from, to, fate: 'unasked' }];
    if (!('reason' in answer))
      return (await this.#oneByOne(window, answer)).map((range) => ({ ...range, fate: 'absent' }));
    if (from === to) {
      await this.#doubt({ ...answer, number: from, isTold });
      return [{ from, to, fate: 'refused' }];
    }
    const middle = (from + to) / 2n;
    const first = await this.askFor({ from, to: middle }, isTold);
    return [...first, ...(await this.askFor({ from: middle + 1n, to }, isTold))];
  }

  /** Settles the refusals in doubt. Without an answer a refused number stays untold, and the refusal is a fault of the poll. */
  async end(): Promise<void> {
    if (this.goesOn && this.#doubts.length > 0) await this.#probe();
    for (const { reason } of this.#doubts) this.#fault(reason);
  }

  /** Servers limit an answer: asks for the rest of a window one by one, until one is not given. */
  async #oneByOne(window: Range, absent: readonly Range[]): Promise<readonly Range[]> {
    let left = absent;
    if (window.from === window.to) return left;
    for (const number of left.flatMap((range) => firstOf(range, Number(this.#fetching.windowSize)))) {
      const alone = await this.#fetch({ from: number, to: number });
      if (alone && 'reason' in alone) this.#fault(alone.reason);
      // The window has been answered: the next poll asks again for the numbers that are not asked for one by one.
      if (!alone || 'reason' in alone || alone.length > 0) break;
      left = left.flatMap((range) => without(range, [number]));
    }
    return left;
  }

  /** Makes the events of a range safe. Returns the numbers that are still missing; undefined if it was not asked for. */
  async #fetch({ from, to }: Range): Promise<readonly Range[] | Refusal | undefined> {
    const given = await this.#ask({ from, to });
    if (!given || 'reason' in given) return given;
    const { server, subscription, ports, isSafe } = this.#fetching;
    const numbers = firstOf({ from, to }, Number(to - from + 1n));
    const wanted = new Set(numbers.map((number) => server.keyOf(subscription, number)));
    const events = given.filter(({ key }) => wanted.has(key));
    await ports.secure(events.map(({ event }) => event));
    const keys = new Set(events.map(({ key }) => key));
    const claimed = numbers.filter((number) => keys.has(server.keyOf(subscription, number)));
    return without({ from, to }, await safeOf(claimed, isSafe));
  }

  async #ask({ from, to }: Range): Promise<readonly NumberedEvent[] | Refusal | undefined> {
    const { server, subscription, ports } = this.#fetching;
    if (this.#calls <= 0 || ports.isLate()) this.goesOn = false;
    if (!this.goesOn) return undefined;
    this.#calls--;
    ports.asked();
    const answer: Result<readonly NumberedEvent[], Reason> = await server
      .events(subscription, from, to)
      .catch(withoutAnswer);
    if (answer.ok) {
      this.#known = from;
      this.#settle();
      return answer.value;
    }
    const { reason } = answer;
    // A server that has answered for other numbers knows the operation.
    if (reason === 'not_supported' && !this.#hasAnswered) this.canRecover = false;
    else if (ABOUT_THE_CALLER.includes(reason)) this.#fault(reason);
    else return { reason };
    this.goesOn = false;
    return undefined;
  }

  async #doubt(doubt: Refusal & { readonly number: bigint; readonly isTold: boolean }): Promise<void> {
    this.#doubts.push(doubt);
    if (ABOUT_THE_EVENT.includes(doubt.reason)) this.#settle();
    else if (this.#doubts.length >= DOUBTS) await this.#probe();
  }

  /** Asks for a number that the server has answered for, or that is known. If the server does not answer that either, it is out of order. */
  async #probe(): Promise<void> {
    const known = this.#known;
    const answer = known === undefined ? undefined : await this.#ask({ from: known, to: known });
    if (!answer || 'reason' in answer) this.goesOn = false;
  }

  /** The server answers: it refused the numbers before for their own sake. The poll that tells of it says why. */
  #settle(): void {
    this.#hasAnswered = true;
    for (const { number, reason, isTold } of this.#doubts.splice(0)) {
      this.refused.add(number);
      if (!isTold) this.#fault(reason);
    }
  }

  #fault(reason: Reason): void {
    this.#fetching.ports.fault('events', reason);
  }
}

/** A call without an answer is a refusal: the numbers that were asked for may be the reason. */
function withoutAnswer(error: unknown): Result<never, HttpFaultReason> {
  if (error instanceof HttpFault) return refuse(error.reason);
  throw error;
}
