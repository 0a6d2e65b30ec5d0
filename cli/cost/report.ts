import { usesOf } from './events.ts';
import type { Traffic } from './events.ts';
import { together } from './costed-template.ts';
import type { CostedTemplate } from './costed-template.ts';
import { monthlyUses } from './resources.ts';
import { costRows, LABELS } from './rows.ts';
import { costTable, sensitivity, total } from './table.ts';

/** The report in Markdown: the cost of a million events and how it changes, and the cost of a month without any. */
export function costReport(
  stacks: readonly CostedTemplate[],
  traffic: Omit<Traffic, 'days'>,
  days: Traffic['days'],
): string {
  const whole: Traffic = { ...traffic, days };
  const sum = (changes: Partial<Traffic>): number => total(usesOf({ ...whole, ...changes }));
  const { events, kb, duplicates, rejected, batch } = traffic;
  const rows = costRows(stacks, whole);
  return [
    '### In four figures',
    sensitivity(
      'what',
      (Object.keys(LABELS) as (keyof typeof LABELS)[]).map((row) => [LABELS[row], rows[row]]),
    ),
    `### ${events.toLocaleString('en-US')} events of ${kb} KB, ${duplicates} duplicates and ${rejected} refusals each, ${Number(batch.toFixed(1))} per batch`,
    costTable(usesOf(whole)),
    '### A month without any event',
    costTable(monthlyUses(together(stacks))),
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
