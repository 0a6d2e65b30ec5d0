import { CloudWatchClient, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import { METRIC } from '../../../lambdas/contract.ts';
import { stackName } from '../../../lib/config/stack-names.ts';
import type { Ops } from '../ops.ts';

/** A time axis: from `from`, in steps of `seconds`; times in milliseconds since the epoch. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
}

/** A metric to be read. */
export interface AskedSeries {
  readonly metric: string;
  readonly statistic: 'Sum' | 'p50' | 'p95' | 'p99';
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A value for each step of the axis; undefined if there was none. */
export type Values = readonly (number | undefined)[];

/** Steps of the axis. */
export const stepsOf = ({ from, to, seconds }: Axis): number => Math.ceil((to - from) / (seconds * 1000));

/** Reads metrics over an axis, in the order in which they are asked for: from CloudWatch, or from the local gateway's memory. */
export const readSeries = (ops: Ops, axis: Axis, asked: readonly AskedSeries[]): Promise<Values[]> =>
  ops.gateway.isLocal ? fromView(ops, axis, asked) : fromCloudWatch(ops, axis, asked);

/** Metrics that CloudWatch takes in one request. */
const BATCH = 500;

async function fromCloudWatch({ gateway }: Ops, axis: Axis, asked: readonly AskedSeries[]): Promise<Values[]> {
  const client = gateway.client(CloudWatchClient);
  const found = asked.map(() => new Array<number | undefined>(stepsOf(axis)).fill(undefined));
  for (let first = 0; first < asked.length; first += BATCH) {
    const request = {
      ...{ StartTime: new Date(axis.from), EndTime: new Date(axis.to) },
      MetricDataQueries: asked.slice(first, first + BATCH).map(({ metric, statistic, dimensions }, index) => ({
        Id: `metric${first + index}`,
        MetricStat: {
          Metric: {
            ...{ Namespace: METRIC.namespace, MetricName: metric },
            Dimensions: [
              { Name: METRIC.dimension.gateway, Value: gateway.name },
              ...Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            ],
          },
          ...{ Period: axis.seconds, Stat: statistic },
        },
      })),
    };
    for await (const { MetricDataResults: results = [] } of paginateGetMetricData({ client }, request))
      for (const { Id: id = '', Timestamps: times = [], Values: values = [] } of results) {
        const series = found[Number(id.slice('metric'.length))];
        for (const [index, time] of times.entries()) if (series) series[stepOf(axis, time.getTime())] = values[index];
      }
  }
  return found;
}

const stepOf = ({ from, seconds }: Axis, time: number): number => Math.floor((time - from) / (seconds * 1000));

const View = z.array(
  z.object({
    metric: z.string(),
    dimensions: z.record(z.string(), z.string()),
    ...{ at: z.number(), count: z.number(), sum: z.number(), values: z.array(z.number()) },
  }),
);

async function fromView({ gateway, config }: Ops, axis: Axis, asked: readonly AskedSeries[]): Promise<Values[]> {
  const points = (await gateway.view?.('/_local/metrics', View)) ?? [];
  const byName = Map.groupBy(
    points.filter(({ at }) => at >= axis.from && at < axis.to),
    ({ metric, dimensions }) => nameOf(metric, dimensions),
  );
  return asked.map(({ metric, statistic, dimensions }) => {
    const own = { [METRIC.dimension.gateway]: stackName(config), ...dimensions };
    const steps = Map.groupBy(byName.get(nameOf(metric, own)) ?? [], ({ at }) => stepOf(axis, at));
    return Array.from({ length: stepsOf(axis) }, (_, step) => {
      const here = steps.get(step);
      if (!here) return undefined;
      if (statistic === 'Sum') return here.reduce((sum, point) => sum + point.sum, 0);
      return percentile(
        here.flatMap(({ values }) => values),
        Number(statistic.slice(1)) / 100,
      );
    });
  });
}

const nameOf = (metric: string, dimensions: Readonly<Record<string, string>>): string =>
  JSON.stringify([metric, Object.entries(dimensions).sort(([a], [b]) => a.localeCompare(b))]);

function percentile(values: readonly number[], part: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
}
