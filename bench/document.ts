import { readFileSync, writeFileSync } from 'node:fs';
import { inMarkdown } from './report.ts';
import type { FigureTable } from './report.ts';

/** Puts tables, and the line that says what they were taken on, into a page: each between the marks with its id. */
export function writeInto(page: URL, tables: readonly FigureTable[], taken: string): void {
  const parts = [...tables.map((table) => [table.id, inMarkdown(table)] as const), ['taken', taken] as const];
  const text = parts.reduce((all, [id, part]) => between(all, id, part), readFileSync(page, 'utf8'));
  writeFileSync(page, text);
}

function between(text: string, id: string, part: string): string {
  const [start, end] = [`<!-- bench:${id} -->`, `<!-- /bench:${id} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`the page has no place for ${id}`);
  return `${text.slice(0, from + start.length)}\n\n${part}\n\n${text.slice(to)}`;
}
