import type { Finding } from './explain-types.ts';
import { statedTimes } from './time.ts';
import { tryAt } from './trial.ts';
import type { Change, Trial } from './trial.ts';

/** Bounds of one explanation: verifications, bytes that they read, and milliseconds. */
const MOST = { trials: 20_000, bytes: 512 * 1024 * 1024, ms: 10_000 };
const DAY_MS = 86_400_000;

/** Tries what may have been signed, within bounds, and at each time that the delivery states. */
export class Judge {
  readonly #now: Date;
  readonly #clock: () => number;
  readonly #until: number;
  tried = 0;
  #bytes = 0;

  constructor(now: Date, clock: () => number) {
    this.#now = now;
    this.#clock = clock;
    this.#until = clock() + MOST.ms;
  }

  /** True once a bound is met: nothing is tried any more. */
  get isSpent(): boolean {
    return this.tried >= MOST.trials || this.#bytes >= MOST.bytes || this.#clock() >= this.#until;
  }

  /** `now` if the scheme takes the trial; what is wrong with its time if that is all; undefined if it does not match. */
  matches(trial: Trial): 'now' | Finding | undefined {
    if (this.isSpent) return undefined;
    const atNow = this.#try(trial, this.#now);
    if (atNow === 'matches') return 'now';
    // A mismatch within the window is one at any time.
    if (atNow !== 'untimely') return undefined;
    const times = statedTimes(trial);
    const signedAt = times.find((time) => this.#try(trial, time) === 'matches');
    return signedAt && this.#ofTime(signedAt, times, trial);
  }

  /** The findings of a trial that matches, the change first. */
  found(
    trial: Trial,
    { cause, detail }: Pick<Change, 'cause' | 'detail'>,
  ): readonly [Finding, ...Finding[]] | undefined {
    const time = this.matches(trial);
    if (!time) return undefined;
    const own: Finding = { cause, confidence: 'proved', detail };
    return time === 'now' ? [own] : [own, time];
  }

  #try(trial: Trial, now: Date) {
    this.tried++;
    this.#bytes += trial.delivery.body.length;
    return tryAt(trial, now);
  }

  #ofTime(signedAt: Date, times: readonly Date[], { scheme }: Trial): Finding {
    const off = (time: Date): number => time.getTime() - this.#now.getTime();
    if (Math.abs(off(signedAt)) > 300 * DAY_MS && times.some((time) => Math.abs(off(time)) < DAY_MS))
      return { cause: 'timestamp_unit', confidence: 'proved', detail: 'read in another unit it is of today' };
    const seconds = Math.round(Math.abs(off(signedAt)) / 1000);
    const side = off(signedAt) < 0 ? 'before' : 'after';
    const window = scheme.replayWindowSeconds === undefined ? '' : `; the window is ${scheme.replayWindowSeconds} s`;
    const detail = `signed ${seconds} s ${side} the time at which it is judged${window}`;
    return { cause: 'timestamp_outside_window', confidence: 'proved', detail };
  }
}
