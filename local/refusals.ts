import { REJECTION_REASONS } from '../lambdas/core/verdict.ts';
import { refusalOfLine } from '../cli/ops/refused/line.ts';
import type { Refused } from '../cli/ops/refused/line.ts';

/** A delivery that was refused: all that `ops explain` needs, for the developer at this machine. */
export interface RefusedDelivery extends Refused {
  /** API Gateway's event, as JSON. It holds the body. */
  readonly event: string;
}

/** The latest refusals, kept in memory alone. */
export interface Refusals {
  /** Takes a line of a function's log. */
  addLine(line: string): void;
  /** Takes an answer of a function, with the event that it answers. */
  addAnswer(source: string, event: string, answer: string, at: string): void;
  /** The refusals that the log tells of, the oldest first. */
  list(): readonly Refused[];
  /** The last delivery to a source that was refused; undefined if there was none, or it was too large to be kept. */
  last(source: string): RefusedDelivery | undefined;
}

/** The most lines that are kept, and the most deliveries and bytes of deliveries: the oldest go first. */
const MOST = { lines: 10_000, deliveries: 50, bytes: 32 * 1024 * 1024 };

export function refusals(): Refusals {
  let lines: Refused[] = [];
  const deliveries: RefusedDelivery[] = [];
  let bytes = 0;
  return {
    addLine(line) {
      const refused = refusalOfLine(line.slice(Math.max(0, line.indexOf('{'))));
      if (!refused) return;
      lines.push(refused);
      if (lines.length >= 2 * MOST.lines) lines = lines.slice(-MOST.lines);
    },
    addAnswer(source, event, answer, at) {
      const reason = reasonOf(answer);
      if (reason === undefined) return;
      deliveries.push({ source, reason, at, event });
      bytes += event.length;
      while (deliveries.length > MOST.deliveries || bytes > MOST.bytes)
        bytes -= deliveries.shift()?.event.length ?? bytes;
    },
    list: () => lines.slice(-MOST.lines),
    last: (source) => deliveries.findLast((delivery) => delivery.source === source),
  };
}

/** The reason that the verifier's answer names; undefined if it is not a refusal. */
function reasonOf(answer: string): string | undefined {
  try {
    const { error } = JSON.parse(answer) as { error?: unknown };
    return REJECTION_REASONS.find((reason) => reason === error);
  } catch {
    return undefined;
  }
}
