import type { Use } from './events.ts';
import { PRICES } from './prices.ts';

/** Dollars for a use. */
export function dollars({ price, quantity }: Use): number {
  const { dollars, per } = PRICES[price];
  return (quantity * dollars) / per;
}

export const total = (uses: readonly Use[]): number => uses.reduce((sum, use) => sum + dollars(use), 0);

/** A table in Markdown, the arithmetic in each row, the sum in the last. */
export function costTable(uses: readonly Use[]): string {
  const rows = uses
    .filter(({ quantity }) => quantity > 0)
    .map((use) => {
      const { dollars: price, per, unit } = PRICES[use.price];
      const each = per === 1 ? `$${plain(price)}` : `$${plain(price)} / ${per.toLocaleString('en-US')}`;
      return [use.component, use.because, `${amount(use.quantity)} ${unit}`, each, money(dollars(use))];
    });
  return aligned([
    ['component', 'for', 'quantity', 'price', 'US$'],
    ...rows,
    ['**together**', '', '', '', `**${money(total(uses))}**`],
  ]);
}

/** How the sum changes with one of its causes. */
export const sensitivity = (head: string, sums: readonly (readonly [string, number])[]): string =>
  aligned([[head, 'US$'], ...sums.map(([of, sum]) => [of, money(sum)])]);

const money = (value: number): string => value.toFixed(2);
const amount = (value: number): string =>
  value.toLocaleString('en-US', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
/** Without an exponent. */
const plain = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 6 });

/** Columns of one width, the last to the right, as Prettier leaves them. */
export function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const last = widths.length - 1;
  const pad = (text: string, column: number): string =>
    column === last ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  const line = (row: readonly string[]): string =>
    `| ${widths.map((_, column) => pad(row[column] ?? '', column)).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === last ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
