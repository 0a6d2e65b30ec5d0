import { isPermanent } from '../permanent-error.ts';
import { kindOf, WINDOW_MS } from './tries-window.ts';
import type { Report } from './tries-window.ts';

/** Milliseconds between two reports of a container whose tries all succeed, while tries fail elsewhere. */
const EVERY_MS = 2_000;

/** How the tries of one container went, as far as it has told nobody. A container whose tries all succeed tells nothing. */
export class Tally {
  #successes = 0;
  #since = 0;
  #failures: Report['failures'][number][] = [];
  #toldAt = 0;
  /** The report that could not be told. */
  #untold: Report | undefined;
  /** When the oldest part of the last report was due. */
  #dueSince = -Infinity;
  /** Whether there was any try. */
  hasTried = false;

  /** Notes a try of a message; `reason` is why it failed. A permanent failure says nothing of what is behind the handler. */
  note(message: string, reason: string | undefined, now: number): void {
    this.hasTried = true;
    if (now - this.#since > WINDOW_MS) {
      this.#successes = 0;
      this.#since = now;
    }
    if (reason === undefined) this.#successes++;
    else if (!isPermanent(reason)) this.#failures.push({ kind: kindOf(reason), event: message.slice(0, 8) });
  }

  get hasSuccesses(): boolean {
    return this.#successes > 0;
  }

  /** Returns the report that is due, and begins the next; undefined if none is due. `isAlert`: whether tries fail anywhere. */
  take(isAlert: boolean, now: number): Report | undefined {
    const untold = now - this.#dueSince <= WINDOW_MS ? this.#untold : undefined;
    const isDue = this.#failures.length > 0 || (isAlert && this.#successes > 0 && now - this.#toldAt >= EVERY_MS);
    if (!isDue && !untold) return undefined;
    const report = {
      successes: this.#successes + (untold?.successes ?? 0),
      failures: [...(untold?.failures ?? []), ...this.#failures],
    };
    if (!untold) this.#dueSince = now;
    this.#untold = undefined;
    this.clear();
    this.#toldAt = now;
    return report;
  }

  /** Takes the last report back, which could not be told. The next one tells it too, unless a minute has passed. */
  putBack = (report: Report): void => void (this.#untold = report);

  clear(): void {
    this.#successes = 0;
    this.#failures = [];
  }
}
