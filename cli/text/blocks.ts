import Table from 'cli-table3';
import { shown } from './shown.ts';

/** A table for a person: a row of headings, and rows of as many cells. */
export interface TableBlock {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A part of what a command tells a person: one line, or a table. A line break in a line is shown as an escape. */
export type Block = string | TableBlock;

export const table = (head: TableBlock['head'], rows: TableBlock['rows']): TableBlock => ({ head, rows });

/** The blocks as text for a terminal. Nothing in them that a sender chose can move the cursor, or look like a line of ours. */
export const render = (blocks: readonly Block[]): string =>
  blocks.map((block) => (typeof block === 'string' ? shown(block) : drawn(block))).join('\n');

function drawn({ head, rows }: TableBlock): string {
  const lines = new Table({ head: head.map(shown), style: { head: [], border: [], compact: true } });
  lines.push(...rows.map((row) => row.map((cell) => (typeof cell === 'string' ? shown(cell) : cell))));
  return lines.toString();
}
