import { usesOf } from './events.ts';
import type { Traffic } from './events.ts';
import { monthlyUses } from './resources.ts';
import type { CostedTemplate } from './resources.ts';
import { costTable, sensitivity, total } from './table.ts';

const LEDGER_DAYS = 365;

/** What a million events cost, what the stack costs in a month without any, and how the former changes. In Markdown. */
export function costReport(
  template: CostedTemplate,
  traffic: Omit<Traffic, 'days'>,
  { archive, logs }: { readonly archive: number; readonly logs: number },
): string {
  const whole: Traffic = { ...traffic, days: { archive, logs, ledger: LEDGER_DAYS } };
  const sum = (changes: Partial<Traffic>): number => total(usesOf({ ...whole, ...changes }));
  const { events, kb, duplicates, rejected, batch } = traffic;
  return [
    `### ${events.toLocaleString('en-US')} events of ${kb} KB, ${duplicates} duplicates and ${rejected} refusals each, ${batch} per batch`,
    costTable(usesOf(whole)),
    '### A month without any event',
    costTable(monthlyUses(template)),
    '### With the size of a body',
    sensitivity(
      'KB',
      [1, 5, 64, 65, 256, 257, 1000].map((size) => [String(size), sum({ kb: size })]),
    ),
    '### With the number of duplicates of each event',
    sensitivity(
      'duplicates',
      [0, 0.05, 1, 5].map((number) => [String(number), sum({ duplicates: number })]),
    ),
    '### With the events of a batch',
    sensitivity(
      'events',
      [1, 2, 10].map((number) => [String(number), sum({ batch: number })]),
    ),
  ].join('\n\n');
}
