import { z } from 'zod';
import { sourceNamed } from '../../sources.ts';
import { table } from '../../text/blocks.ts';
import { count, optionalSource, time } from '../inputs.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { timeNamed } from '../time-input.ts';
import { axisOf } from './axis.ts';
import { COUNTS, numbersOf, PERCENTILES, TIMES } from './numbers.ts';
import type { Count, SourceSeries, Timed } from './numbers.ts';
import type { Values } from './series.ts';

const input = z.object({
  source: optionalSource,
  since: z.string().default('3h').describe('from this time on: 2026-03-01T09:00:00Z, 24h, 7d'),
  until: z.string().optional().describe('and before this time; default: now'),
});

const Steps = z.array(z.number().nullable()).describe('one per step; null if there was none');
const keyed = <Name extends string, Value extends z.ZodType>(
  names: Readonly<Record<Name, unknown>>,
  value: Value,
): z.ZodObject<Record<Name, Value>> =>
  z.object(Object.fromEntries(Object.keys(names).map((name) => [name, value])) as Record<Name, Value>);

const output = z.object({
  ...{ from: time, to: time, stepSeconds: count },
  sources: z.array(
    z.object({
      source: z.string(),
      counts: keyed(COUNTS, z.object({ total: count, values: Steps })),
      refusals: z.array(z.object({ reason: z.string(), count })),
      times: keyed(TIMES, z.object({ p50: Steps, p95: Steps, p99: Steps })).describe('milliseconds'),
    }),
  ),
});
export type Traffic = z.infer<typeof output>;

/** `ops traffic [source]`: outcomes and times, step by step. */
export const trafficOperation = operation({
  name: 'traffic',
  summary: 'Shows outcomes of deliveries, and times of answers and processing, over time.',
  ...{ input, output, positional: ['source'] },
  effect: 'reads',
  permissions: ['cloudwatch:GetMetricData'],
  run: showTraffic,
});

async function showTraffic(ops: Ops, { source, since, until }: z.infer<typeof input>): Promise<Report<Traffic>> {
  const now = ops.clock();
  // The newest step is the minute that is under way.
  const to = until === undefined ? new Date(now) : timeNamed('--until', until, now);
  const axis = axisOf(timeNamed('--since', since, now).getTime(), to.getTime());
  const { sources: configured } = ops.config;
  const names = source === undefined ? configured.map(({ name }) => name) : [sourceNamed(source, configured).name];
  const sources = (await numbersOf(ops, axis, names)).map(toJson);
  return {
    text: [
      table(
        ['source', ...SHOWN],
        sources.map(({ source: name, counts }) => [name, ...SHOWN.map((each) => counts[each].total)]),
      ),
    ],
    data: {
      ...{ from: new Date(axis.from).toISOString(), to: new Date(axis.to).toISOString(), stepSeconds: axis.seconds },
      sources,
    },
  };
}

const SHOWN: readonly Count[] = ['received', 'accepted', 'duplicates', 'refused', 'quarantined', 'processed'];

/** A series as JSON carries it: a step without a value is null. */
function toJson({ source, counts, refusals, times }: SourceSeries): Traffic['sources'][number] {
  const percentiles = (of: Timed) =>
    Object.fromEntries(PERCENTILES.map((part) => [part, steps(times[of][part])])) as Record<
      (typeof PERCENTILES)[number],
      (number | null)[]
    >;
  return {
    source,
    counts: Object.fromEntries(
      (Object.keys(COUNTS) as Count[]).map((name) => [
        name,
        { total: counts[name].total, values: steps(counts[name].values) },
      ]),
    ) as Traffic['sources'][number]['counts'],
    refusals: [...refusals],
    times: { answer: percentiles('answer'), processing: percentiles('processing') },
  };
}

const steps = (values: Values): (number | null)[] => values.map((value) => value ?? null);
