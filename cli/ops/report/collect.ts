import { SQSClient } from '@aws-sdk/client-sqs';
import { defaultWindowDays } from '../../../lambdas/core/provider.ts';
import { usesOf } from '../../cost/events.ts';
import { total } from '../../cost/table.ts';
import { depthOf } from '../messages.ts';
import type { Ops } from '../ops.ts';
import { queuesOf } from '../source-parts.ts';
import { numbersOf } from './numbers.ts';
import type { Count, SourceSeries } from './numbers.ts';
import type { Axis } from './series.ts';

/** A source over the time of the report. */
export interface SourceNumbers extends SourceSeries {
  /** Now. */
  readonly deadLetters: number;
  /** US dollars, of list prices, for what its events use. */
  readonly cost: number;
}

/** The size of bodies and batches that the cost assumes: no metric tells of them. */
export const ASSUMED = { kb: 5, batch: 1 };

/** The numbers of the sources over an axis. */
export async function collect(ops: Ops, axis: Axis): Promise<SourceNumbers[]> {
  const { config, gateway } = ops;
  const names = config.sources.map(({ name }) => name);
  const byName = new Map((await numbersOf(ops, axis, names)).map((series) => [series.source, series]));
  const sqs = gateway.client(SQSClient);
  const all = config.sources.map(async (source): Promise<SourceNumbers[]> => {
    const series = byName.get(source.name);
    if (!series) return [];
    const depth = await depthOf(sqs, (await queuesOf(source.name, ops)).deadLettersUrl);
    const cost = costOf(series.counts, {
      ...{ archive: config.archive.retentionDays, logs: config.retention.logDays },
      ledger: source.windowSeconds === 0 ? defaultWindowDays(source.provider) : source.windowSeconds / 86_400,
    });
    return [{ ...series, deadLetters: depth.waiting + depth.inFlight, cost }];
  });
  return (await Promise.all(all)).flat();
}

function costOf(counts: SourceNumbers['counts'], days: Parameters<typeof usesOf>[0]['days']): number {
  const events = counts.accepted.total;
  const per = (count: Count): number => counts[count].total / Math.max(1, events);
  return total(usesOf({ events, duplicates: per('duplicates'), rejected: per('refused'), ...ASSUMED, days }));
}
