import type { Spread } from '../measure.ts';
import { judged, number, show } from '../report.ts';
import type { FigureTable } from '../report.ts';
import type { Load } from './loads.ts';
import { bareOf, EMPTY, EXPRESS, FUNCTIONS, STEPS } from './subjects.ts';

const GOALS = { bytes: 1.1, load: 1.15 };

/** The bare bundle that a load is compared with; undefined for a load that is not compared. */
export function bareNameFor(name: string): string | undefined {
  if ((FUNCTIONS as readonly string[]).includes(name)) return bareOf(name);
  return (Object.values(STEPS) as readonly string[]).includes(name) || name === EXPRESS
    ? bareOf('verifier')
    : undefined;
}

export const tables = (loads: readonly Load[], packages: readonly [string, number][]): FigureTable[] => {
  const named = (name: string): Load[] => loads.filter((load) => load.name === name);
  return [
    functionsTable([
      ...named(EMPTY),
      ...FUNCTIONS.flatMap((name) => [...named(bareOf(name)), ...named(name)]),
      ...named(EXPRESS),
    ]),
    stepsTable([bareOf('verifier'), ...Object.values(STEPS)].flatMap(named)),
    packagesTable(packages),
  ];
};

const kilobytes = (bytes: number): string => number(bytes / 1000, 0);
const times = (value: Spread | undefined): string => (value ? show(value, 2) : '');

const functionsTable = (loads: readonly Load[]): FigureTable => ({
  id: 'cold-start',
  title: 'Size and load time of the bundles on this Node, each load in a fresh process',
  columns: ['', 'KB', 'load ms', 'processor ms', 'times the size', 'times the load', 'times the processor ms', 'goal'],
  rows: loads.map(({ name, bytes, milliseconds, processorMs, ratios }) => [
    ...[name, kilobytes(bytes), show(milliseconds, 1), show(processorMs, 1)],
    ...[ratios ? number(ratios.bytes, 2) : '', times(ratios?.milliseconds), times(ratios?.processorMs)],
    goalOf(name, ratios),
  ]),
});

/** Judged by processor time: on a machine that does other things too, the elapsed time of one load is mostly waiting. */
function goalOf(name: string, ratios: Load['ratios']): string {
  if (!ratios || name === EXPRESS) return '';
  const size = judged(ratios.bytes, GOALS.bytes);
  const time = judged(ratios.processorMs.median, GOALS.load);
  return `size ≤ ${GOALS.bytes}: ${size}; load ≤ ${GOALS.load}: ${time}`;
}

const stepsTable = (loads: readonly Load[]): FigureTable => ({
  id: 'load-steps',
  title: "Where the verifier's load time goes, and what else could be done to it",
  columns: ['', 'KB', 'load ms', 'times the bare clients', 'processor ms', 'times the bare clients'],
  rows: loads.map(({ name, bytes, milliseconds, processorMs, ratios }) => [
    ...[name, kilobytes(bytes), show(milliseconds, 1), times(ratios?.milliseconds)],
    ...[show(processorMs, 1), times(ratios?.processorMs)],
  ]),
});

/** Packages that are listed by name; the others are summed up. */
const LISTED = 14;

function packagesTable(packages: readonly [string, number][]): FigureTable {
  const total = packages.reduce((sum, [, bytes]) => sum + bytes, 0);
  const others = packages.slice(LISTED).reduce((sum, [, bytes]) => sum + bytes, 0);
  const rows: [string, number][] = [
    ...packages.slice(0, LISTED),
    [`${packages.length - LISTED} more packages`, others],
  ];
  return {
    id: 'packages',
    title: "The verifier's bundle by package",
    columns: ['package', 'KB', 'share'],
    rows: rows.map(([name, bytes]) => [name, number(bytes / 1000, 1), `${number((bytes / total) * 100, 0)} %`]),
  };
}
