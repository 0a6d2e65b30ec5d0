import { SIZES_KB } from '../bodies.ts';
import { isolated } from '../isolated.ts';
import { ratio, spread, timesOf } from '../measure.ts';
import type { Effort, Spread } from '../measure.ts';
import { judged, number, show } from '../report.ts';
import type { FigureTable, Report } from '../report.ts';
import { BARE, goalOf, representatives } from './providers.ts';
import type { Measured, Request } from './subjects.ts';

/** Verification by each kind of scheme against its bare primitive on the same bytes, and against other libraries. */
export async function measureVerification(effort: Effort): Promise<Report> {
  const measured: Measured[] = [];
  for (const provider of representatives()) {
    const request: Request = { ...effort, provider };
    measured.push(...((await isolated(new URL('subjects.ts', import.meta.url), request)) as Measured[]));
  }
  const ours = measured.map(ourFigure);
  const others = measured.flatMap(otherFigures);
  return { figures: { ours, others }, tables: [ourTable(ours), othersTable(others)] };
}

const ourFigure = ({ kilobytes, provider, times }: Measured) => {
  const [own, bare] = [timesOf(times, provider), timesOf(times, BARE)];
  return { kilobytes, provider, microseconds: spread(own), bare: spread(bare), ratio: ratio(own, bare) };
};

const otherFigures = ({ kilobytes, provider, times, libraries }: Measured) =>
  libraries.map((name) => {
    const [theirs, ours] = [timesOf(times, name), timesOf(times, provider)];
    return { kilobytes, name, provider, microseconds: spread(theirs), ratio: ratio(theirs, ours) };
  });

const ourTable = (figures: readonly ReturnType<typeof ourFigure>[]): FigureTable => ({
  id: 'verification',
  title:
    'Verification: a provider of each kind of scheme, its bare primitive on the same bytes, and how many times as long',
  columns: ['provider', 'body', 'Hookgate µs', 'bare µs', 'times', 'goal', ''],
  rows: figures.map(({ provider, kilobytes, microseconds, bare, ratio: times }) => {
    const goal = goalOf(provider, kilobytes);
    const verdict = goal === undefined ? ['', ''] : [`≤ ${goal}`, judged(times.median, goal)];
    return [provider, `${kilobytes} KB`, number(microseconds.median), number(bare.median), show(times, 3), ...verdict];
  }),
});

interface OtherFigure {
  readonly name: string;
  readonly provider: string;
  readonly microseconds: Spread;
  readonly ratio: Spread;
}

const othersTable = (figures: readonly OtherFigure[]): FigureTable => ({
  id: 'libraries',
  title: 'Other libraries on their own schemes: time, and times that of the nearest scheme here (goal: above 1)',
  columns: ['library', 'nearest here', ...SIZES_KB.map((size) => `${size} KB`), 'goal'],
  rows: [...new Set(figures.map(({ name }) => name))].map((name) => {
    const own = figures.filter((figure) => figure.name === name);
    const cells = own.map(({ microseconds, ratio: times }) => `${number(microseconds.median)} µs, × ${show(times, 2)}`);
    const behind = own.filter(({ ratio: times }) => times.median <= 1).length;
    return [name, own[0]?.provider ?? '', ...cells, behind === 0 ? 'met' : `missed at ${behind} sizes`];
  }),
});
