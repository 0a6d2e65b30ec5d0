import { METRIC } from '../../../lambdas/contract.ts';
import { REJECTION_REASONS } from '../../../lambdas/core/verdict.ts';
import type { Ops } from '../ops.ts';
import { readSeries } from './series.ts';
import type { Axis, Values } from './series.ts';

/** The metrics that are counted, by the name that reports give them. */
export const COUNTS = {
  received: METRIC.received,
  accepted: METRIC.accepted,
  duplicates: METRIC.duplicate,
  conflicts: METRIC.conflict,
  refused: METRIC.rejected,
  quarantined: METRIC.quarantined,
  unavailable: METRIC.unavailable,
  processed: METRIC.processed,
  failedTries: METRIC.failed,
  recovered: METRIC.recovered,
} as const;
export type Count = keyof typeof COUNTS;
const COUNT_NAMES = Object.keys(COUNTS) as Count[];

/** Milliseconds from receipt to the answer, and to the end of the processing. */
export const TIMES = { answer: METRIC.acknowledgeTime, processing: METRIC.processTime } as const;
export type Timed = keyof typeof TIMES;
const TIME_NAMES = Object.keys(TIMES) as Timed[];
export const PERCENTILES = ['p50', 'p95', 'p99'] as const;
type Percentile = (typeof PERCENTILES)[number];

/** The metrics of a source over an axis. */
export interface SourceSeries {
  readonly source: string;
  /** Over time, and in all. */
  readonly counts: Readonly<Record<Count, { readonly total: number; readonly values: Values }>>;
  readonly refusals: readonly { readonly reason: string; readonly count: number }[];
  readonly times: Readonly<Record<Timed, Readonly<Record<Percentile, Values>>>>;
}

/** Reads the metrics of sources over an axis. */
export async function numbersOf(ops: Ops, axis: Axis, sources: readonly string[]): Promise<SourceSeries[]> {
  const { source: bySource, reason: byReason } = METRIC.dimension;
  const asked = sources.flatMap((name) => [
    ...COUNT_NAMES.map((count) => ({
      metric: COUNTS[count],
      statistic: 'Sum' as const,
      dimensions: { [bySource]: name },
    })),
    ...REJECTION_REASONS.map((reason) => ({
      ...{ metric: METRIC.rejected, statistic: 'Sum' as const },
      dimensions: { [bySource]: name, [byReason]: reason },
    })),
    ...TIME_NAMES.flatMap((time) =>
      PERCENTILES.map((statistic) => ({ metric: TIMES[time], statistic, dimensions: { [bySource]: name } })),
    ),
  ]);
  const series = await readSeries(ops, axis, asked);
  const each = series.length / Math.max(1, sources.length);
  return sources.map((source, index) => {
    const own = series.slice(index * each, (index + 1) * each);
    const reasons = own.slice(COUNT_NAMES.length);
    const times = own.slice(COUNT_NAMES.length + REJECTION_REASONS.length);
    return {
      source,
      counts: byName(COUNT_NAMES, (_, at) => ({ values: own[at] ?? [], total: sum(own[at] ?? []) })),
      refusals: REJECTION_REASONS.map((reason, at) => ({ reason, count: sum(reasons[at] ?? []) }))
        .filter(({ count }) => count > 0)
        .sort((a, b) => b.count - a.count),
      times: byName(TIME_NAMES, (_, at) =>
        byName(PERCENTILES, (__, part) => times[at * PERCENTILES.length + part] ?? []),
      ),
    };
  });
}

const sum = (values: Values): number => values.reduce<number>((all, value) => all + (value ?? 0), 0);

const byName = <Name extends string, Value>(
  names: readonly Name[],
  make: (name: Name, index: number) => Value,
): Record<Name, Value> =>
  Object.fromEntries(names.map((name, index) => [name, make(name, index)])) as Record<Name, Value>;
