import { isolated } from '../isolated.ts';
import { ratio, spread, timesOf } from '../measure.ts';
import type { Effort, Spread, Times } from '../measure.ts';
import { judged, show } from '../report.ts';
import type { Report } from '../report.ts';
import { SECRETS, SHARES, SIGNATURES, SIZES } from './subjects.ts';

/** Milliseconds of the handler's own time, at 1 KB. */
const GOAL_MS = 0.3;

/** The verifier's own time for one event, the AWS calls answered in memory, and how it grows. */
export async function measureHandler(effort: Effort): Promise<Report> {
  const times = (await isolated(new URL('subjects.ts', import.meta.url), effort)) as Times;
  const figure = (what: string, name: string, base: string) => {
    const [own, first] = [timesOf(times, name), timesOf(times, base)];
    return { what, name, milliseconds: spread(own.map((each) => each / 1000)), ratio: ratio(own, first) };
  };
  const group = (what: string, names: readonly { readonly name: string }[]) =>
    names.map(({ name }) => figure(what, name, names[0]?.name ?? name));
  const figures = [
    ...group('body (osigu)', SIZES),
    ...group('secrets, the last one matches (nabla)', SECRETS),
    ...group('signatures, the last one matches (nabla)', SIGNATURES),
    ...Object.values(SHARES).map((name) => figure('of 1 KB (osigu)', name, '1 KB')),
  ];
  return { figures, tables: [table(figures)] };
}

interface Figure {
  readonly what: string;
  readonly name: string;
  readonly milliseconds: Spread;
  readonly ratio: Spread;
}

const table = (figures: readonly Figure[]): Report['tables'][number] => ({
  id: 'handler',
  title: "The verifier's own time for an event, AWS calls answered in memory",
  columns: ['what grows', '', 'milliseconds', 'times the first', 'goal', ''],
  rows: figures.map(({ what, name, milliseconds, ratio: times }) => {
    const goal = name === '1 KB' ? [`< ${GOAL_MS} ms`, judged(milliseconds.median, GOAL_MS)] : ['', ''];
    return [what, name, show(milliseconds, 4), show(times, 2), ...goal];
  }),
});
