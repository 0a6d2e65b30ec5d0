import type { Ops } from '../../cli/ops/ops.ts';
import type { Report } from '../../cli/ops/output.ts';
import type { Gateway, Surroundings } from './gateway.ts';
import type { Move } from './faults.ts';
import { opsOn } from './operator-clients.ts';

/** A command that an operator runs until there is nothing left that it could do. */
export interface Errand {
  readonly name: string;
  /** Whether there is something to do, as the operator sees it in `ops status` and `ops event`. */
  readonly isWanted: () => boolean;
  /** The operator's first command. */
  readonly begin?: () => void;
  readonly run: (ops: Ops) => Promise<Report>;
  /** Told what the command reported: that it failed is told by nobody. */
  readonly reported: (report: Report) => void;
  /** Milliseconds since the epoch; by default at once. */
  readonly from?: number;
  /** Milliseconds from the end of a run to the next. */
  readonly againAfter: number;
  readonly state?: () => string;
}

/** Milliseconds: longer than any command runs. */
const TIMEOUT_MS = 600_000;

/** An operator at a terminal: runs a command, and again after a crash or an error. */
export class Operator implements Surroundings {
  readonly #gateway: Gateway;
  readonly #errand: Errand;
  #nextAt: number;
  #runs = 0;
  #isUnderWay = false;

  constructor(gateway: Gateway, errand: Errand) {
    this.#gateway = gateway;
    this.#errand = errand;
    this.#nextAt = errand.from ?? gateway.simulation.now;
  }

  moves(): Move[] {
    const isDue = this.#isDue() && this.#gateway.simulation.now >= this.#nextAt;
    return isDue ? [{ label: `an operator runs ${this.#errand.name}`, faults: 0, apply: this.#start }] : [];
  }

  times = (): number[] => (this.#isDue() ? [this.#nextAt] : []);

  state = (): string => `${this.#nextAt} ${this.#runs} ${this.#isUnderWay} ${this.#errand.state?.() ?? ''}`;

  atEnd(): void {
    const isLeft = this.#errand.isWanted();
    this.#gateway.simulation.promise(!isLeft, () => `${this.#errand.name} is left undone`);
  }

  #isDue = (): boolean => !this.#isUnderWay && this.#errand.isWanted();

  #start = (): void => {
    const { simulation } = this.#gateway;
    const name = `${this.#errand.name} ${++this.#runs}`;
    this.#isUnderWay = true;
    simulation.hasOperator = true;
    this.#errand.begin?.();
    simulation.spawn<Report>(
      name,
      TIMEOUT_MS,
      (call) => this.#errand.run(opsOn(this.#gateway, call, () => `the order of ${name}`)),
      (outcome) => {
        this.#isUnderWay = false;
        this.#nextAt = simulation.now + this.#errand.againAfter;
        if (outcome.ok) this.#errand.reported(outcome.answer);
        this.#gateway.check();
      },
    );
  };
}
