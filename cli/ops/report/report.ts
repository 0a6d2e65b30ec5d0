import { z } from 'zod';
import { table } from '../../text/blocks.ts';
import { count, time } from '../inputs.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { timeNamed } from '../time-input.ts';
import { axisOf } from './axis.ts';
import { collect } from './collect.ts';
import { COUNTS } from './numbers.ts';
import type { Count } from './numbers.ts';
import { page } from './page.ts';

const input = z.object({
  since: z.string().default('7d').describe('from this time on: 2026-03-01T09:00:00Z, 24h, 7d'),
  until: z.string().optional().describe('and before this time; default: now'),
  out: z.string().default('hookgate-report.html').describe('the file that is written; the MCP server returns it'),
});

const output = z.object({
  ...{ from: time, to: time, stepSeconds: count, file: z.string().nullable().describe('null if no file was written') },
  sources: z.array(
    z.object({
      source: z.string(),
      counts: z.record(z.string(), count),
      refusals: z.array(z.object({ reason: z.string(), count })),
      deadLetters: count.describe('now'),
      costUsd: z.number().describe('at list prices, for what the events use'),
    }),
  ),
  html: z.string().optional().describe('the report itself, if no file was written'),
});

/** `ops report`: what the gateway did, as one page. */
export const reportOperation = operation({
  name: 'report',
  summary: 'Writes what the gateway did to one HTML file: traffic, outcomes, refusals, latency, dead letters, cost.',
  ...{ input, output },
  effect: 'reads',
  permissions: ['cloudwatch:GetMetricData', 'sqs:GetQueueAttributes'],
  run: writeReport,
});

async function writeReport(
  ops: Ops,
  { since, until, out }: z.infer<typeof input>,
): Promise<Report<z.infer<typeof output>>> {
  const now = ops.clock();
  const to = until === undefined ? new Date(now) : timeNamed('--until', until, now);
  const axis = axisOf(timeNamed('--since', since, now).getTime(), to.getTime());
  const sources = await collect(ops, axis);
  const content = page(ops.gateway.name, new Date(now), axis, sources);
  await ops.writeFile?.(out, content);
  const file = ops.writeFile ? out : null;
  return {
    text: [
      table(
        ['source', 'deliveries', 'accepted', 'duplicates', 'refused', 'dead letters'],
        sources.map(({ source, counts, deadLetters }) => [
          source,
          ...(['received', 'accepted', 'duplicates', 'refused'] as const).map((name) => counts[name].total),
          deadLetters,
        ]),
      ),
      ...(file === null ? [] : [`The report is in ${file}: open it in a browser, or print it from there as PDF.`]),
    ],
    data: {
      ...{
        from: new Date(axis.from).toISOString(),
        to: new Date(axis.to).toISOString(),
        stepSeconds: axis.seconds,
        file,
      },
      sources: sources.map(({ source, counts, refusals, deadLetters, cost }) => ({
        ...{ source, refusals: [...refusals], deadLetters, costUsd: Math.round(cost * 1e4) / 1e4 },
        counts: Object.fromEntries((Object.keys(COUNTS) as Count[]).map((name) => [name, counts[name].total])),
      })),
      ...(file === null && { html: content }),
    },
  };
}
