import Table from 'cli-table3';
import type { Spread } from './measure.ts';

/** A table of figures, as it is printed and as it is in docs/performance.md under its id. */
export interface FigureTable {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The findings of a part of the benchmark: tables for people, figures for programs. */
export interface Report {
  readonly tables: readonly FigureTable[];
  readonly figures: unknown;
}

/** For a terminal. */
export function printed({ title, columns, rows }: FigureTable): string {
  const table = new Table({ head: [...columns], style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => [...row]));
  return `\n${title}\n${table.toString()}`;
}

/** For a page. */
export const inMarkdown = ({ columns, rows }: FigureTable): string =>
  [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** `12.3 (11.9–12.8)`: the median and the quartiles. */
export const show = ({ median, low, high }: Spread, digits?: number): string =>
  `${number(median, digits)} (${number(low, digits)}–${number(high, digits)})`;

/** Three significant digits, or so many decimals. */
export function number(value: number, digits?: number): string {
  if (digits !== undefined) return value.toFixed(digits);
  const decimals = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en', { maximumFractionDigits: decimals, minimumFractionDigits: decimals });
}

/** Whether a goal is met, and by how much it is missed. */
export const judged = (value: number, most: number): string =>
  value <= most ? 'met' : `missed by ${number((value / most - 1) * 100, 0)} %`;
