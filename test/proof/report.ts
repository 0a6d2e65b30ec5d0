import type { Bounds } from './budget.ts';
import type { Counterexample, Exploration } from './explore.ts';

const COLUMNS = [22, 10, 10, 9] as const;
const columns = (name: string, ...rest: readonly string[]): string =>
  [name.padEnd(COLUMNS[0]), ...rest.map((text, index) => text.padStart(COLUMNS[index + 1] ?? 8))].join('');

export const FIGURES_HEAD = columns('scenario', 'schedules', 'states', 'seconds') + '  faults, delays, switches';

const CALM = ' (faults from the operator on)';

/** One line of figures: how many schedules were run within which bounds. */
export function figuresLine({ scenario, schedules, states, milliseconds }: Exploration, bounds: Bounds): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  const { isCalmAtFirst } = bounds;
  const limits = [bounds.faults, bounds.delays, bounds.switches].map((limit) => (limit === Infinity ? 'any' : limit));
  return `${columns(scenario, count(schedules), count(states), (milliseconds / 1000).toFixed(1))}  ${limits.join(', ')}${isCalmAtFirst ? CALM : ''}`;
}

/** The broken promise, and the schedule that broke it, one step per line. A long schedule is cut. */
export function scheduleText({ broken, schedule }: Counterexample): string {
  const steps = schedule.slice(0, 60).map((label, index) => `  ${String(index + 1).padStart(2)}  ${label}`);
  return [broken, ...steps, ...(schedule.length > 60 ? [`  and ${schedule.length - 60} more`] : [])].join('\n');
}
