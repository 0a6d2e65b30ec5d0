import { SQSClient } from '@aws-sdk/client-sqs';
import { METRIC } from '../../../lambdas/contract.ts';
import { REJECTION_REASONS } from '../../../lambdas/core/verdict.ts';
import { defaultWindowDays } from '../../../lambdas/core/provider.ts';
import { usesOf } from '../../cost/events.ts';
import { total } from '../../cost/table.ts';
import { depthOf } from '../messages.ts';
import type { Ops } from '../ops.ts';
import { queuesOf } from '../source-parts.ts';
import { readSeries } from './series.ts';
import type { Axis, Values } from './series.ts';

/** What is counted, by the name that the report gives it. */
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

/** A source over the time of the report. */
export interface SourceNumbers {
  readonly source: string;
  /** Over time, and in all. */
  readonly counts: Readonly<Record<Count, { readonly total: number; readonly values: Values }>>;
  readonly refusals: readonly { readonly reason: string; readonly count: number }[];
  readonly times: Readonly<Record<Timed, Readonly<Record<Percentile, Values>>>>;
  /** Now. */
  readonly deadLetters: number;
  /** US dollars, of list prices, for what its events use. */
  readonly cost: number;
}

/** What the cost assumes of bodies and batches: no metric tells of them. */
export const ASSUMED = { kb: 5, batch: 1 };

/** The numbers of the sources over an axis. */
export async function collect(ops: Ops, axis: Axis): Promise<SourceNumbers[]> {
  const { config, gateway } = ops;
  const { source: bySource, reason: byReason } = METRIC.dimension;
  const asked = config.sources.flatMap(({ name }) => [
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
  const each = series.length / Math.max(1, config.sources.length);
  const sqs = gateway.client(SQSClient);
  return Promise.all(
    config.sources.map(async (source, index) => {
      const own = series.slice(index * each, (index + 1) * each);
      const counts = byName(COUNT_NAMES, (_, at) => ({ values: own[at] ?? [], total: sum(own[at] ?? []) }));
      const reasons = own.slice(COUNT_NAMES.length);
      const times = own.slice(COUNT_NAMES.length + REJECTION_REASONS.length);
      const depth = await depthOf(sqs, (await queuesOf(source.name, ops)).deadLettersUrl);
      return {
        ...{ source: source.name, counts, deadLetters: depth.waiting + depth.inFlight },
        refusals: REJECTION_REASONS.map((reason, at) => ({ reason, count: sum(reasons[at] ?? []) }))
          .filter(({ count }) => count > 0)
          .sort((a, b) => b.count - a.count),
        times: byName(TIME_NAMES, (_, at) =>
          byName(PERCENTILES, (__, part) => times[at * PERCENTILES.length + part] ?? []),
        ),
        cost: costOf(counts, {
          ...{ archive: config.archive.retentionDays, logs: config.retention.logDays },
          ledger: source.windowSeconds === 0 ? defaultWindowDays(source.provider) : source.windowSeconds / 86_400,
        }),
      };
    }),
  );
}

function costOf(counts: SourceNumbers['counts'], days: Parameters<typeof usesOf>[0]['days']): number {
  const events = counts.accepted.total;
  const per = (count: Count): number => counts[count].total / Math.max(1, events);
  return total(usesOf({ events, duplicates: per('duplicates'), rejected: per('refused'), ...ASSUMED, days }));
}

const sum = (values: Values): number => values.reduce<number>((all, value) => all + (value ?? 0), 0);

const byName = <Name extends string, Value>(
  names: readonly Name[],
  make: (name: Name, index: number) => Value,
): Record<Name, Value> =>
  Object.fromEntries(names.map((name, index) => [name, make(name, index)])) as Record<Name, Value>;
