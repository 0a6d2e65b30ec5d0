import { OperatorError } from '../../operator-error.ts';
import type { Axis } from './series.ts';

const HOUR = 3600;
/** Steps by the most seconds that they are for: a plot has some 200 at most. CloudWatch keeps minutes for 15 days, hours for 455. */
const STEPS = [
  { upTo: 3 * HOUR, seconds: 60 },
  { upTo: 48 * HOUR, seconds: 900 },
  { upTo: 8 * 24 * HOUR, seconds: HOUR },
  { upTo: Infinity, seconds: 24 * HOUR },
];
const MOST_DAYS = 400;

/** The axis of a report, from the start of a step. */
export function axisOf(from: number, to: number): Axis {
  const range = (to - from) / 1000;
  if (range <= 0) throw new OperatorError('--since is not before --until.');
  if (range > MOST_DAYS * 24 * HOUR) throw new OperatorError(`A look back covers ${MOST_DAYS} days at most.`);
  const seconds = STEPS.find(({ upTo }) => range <= upTo)?.seconds ?? 24 * HOUR;
  return { from: Math.floor(from / (seconds * 1000)) * seconds * 1000, to, seconds };
}
