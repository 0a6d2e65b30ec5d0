import Table from 'cli-table3';
import { shown } from '../text/shown.ts';
import type { Row } from './demo.ts';
import type { Outcome } from './post.ts';

/** One line for one delivery: status, the gateway's answer, milliseconds. */
export const deliveryLine = ({ status, answer, milliseconds }: Outcome): string =>
  `${status}  ${answer === '' ? '-' : shown(answer)}  ${milliseconds.toFixed(1)} ms`;

/** One line over many deliveries: how many were answered as expected, and how fast. */
export function summaryLine(outcomes: readonly Outcome[], expected: number): string {
  const times = outcomes.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const at = (part: number): string => (times[Math.floor((times.length - 1) * part)] ?? 0).toFixed(1);
  return `${expected} of ${outcomes.length} as expected; fastest ${at(0)} ms, median ${at(0.5)} ms, slowest ${at(1)} ms`;
}

/** The demo's table: a row for each delivery. */
export function demoTable(rows: readonly Row[]): string {
  const table = new Table({
    head: ['source', 'delivery', 'expected', 'got', 'answer', 'ms', 'event', ''],
    colAligns: ['left', 'left', 'right', 'right', 'left', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  rows.forEach(({ source, delivery, expected, outcome, effect, ok }, index) => {
    const name = rows[index - 1]?.source === source ? '' : source;
    const { status, answer, milliseconds } = outcome;
    table.push([
      name,
      delivery,
      expected,
      status,
      shown(answer),
      milliseconds.toFixed(1),
      shown(effect),
      ok ? 'ok' : 'WRONG',
    ]);
  });
  return table.toString();
}

/** The demo's last line. */
export function demoSummary(rows: readonly Row[]): string {
  const wrong = rows.filter(({ ok }) => !ok).length;
  const total = `${rows.length} deliveries to ${new Set(rows.map(({ source }) => source)).size} sources`;
  return wrong === 0 ? `${total}: everything is as it should be.` : `${total}: ${wrong} are not as they should be.`;
}
