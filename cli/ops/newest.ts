import { CloudWatchClient, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lambdas/adapters/expressions.ts';
import { METRIC } from '../../lambdas/contract.ts';
import type { OperatedGateway } from './gateway.ts';
import { ledgerTable } from './source-parts.ts';

/** How far back a data point is looked for. */
const DAYS = 14;
/** Seconds: how exact the time of a data point is. */
export const PERIOD = 300;
const DAY_MS = 86_400_000;

/** A metric that the functions of a source emit, as CloudWatch is asked for it. */
export interface AskedMetric {
  /** What the answer is found by. */
  readonly name: string;
  readonly metric: string;
  readonly statistic: 'Sum' | 'SampleCount';
  readonly dimensions: Readonly<Record<string, string>>;
}

/** When each metric last had a data point, by name; absent if that was more than two weeks ago. `now` in milliseconds. */
export async function newestDataPoints(
  gateway: OperatedGateway,
  now: number,
  metrics: readonly AskedMetric[],
): Promise<Map<string, Date>> {
  const newest = new Map<string, Date>();
  if (metrics.length === 0) return newest;
  const client = gateway.client(CloudWatchClient);
  const queries = metrics.map(({ metric, statistic, dimensions }, index) => ({
    Id: `metric${index}`,
    MetricStat: {
      Metric: {
        Namespace: METRIC.namespace,
        MetricName: metric,
        Dimensions: [
          { Name: METRIC.dimension.gateway, Value: gateway.name },
          ...Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        ],
      },
      Period: PERIOD,
      Stat: statistic,
    },
  }));
  const range = { StartTime: new Date(now - DAYS * DAY_MS), EndTime: new Date(now) };
  const request = { ...range, MetricDataQueries: queries, ScanBy: 'TimestampDescending' as const };
  for await (const { MetricDataResults: results = [] } of paginateGetMetricData({ client }, request)) {
    for (const { Id: id = '', Timestamps: [time] = [] } of results) {
      const asked = metrics[Number(id.slice('metric'.length))];
      if (asked && time && !newest.has(asked.name)) newest.set(asked.name, time);
    }
  }
  return newest;
}

/**
 * When the newest of the ledger's items was written, by a name that `timeOf` reads from an item. For one machine, where nothing
 * keeps metrics: on AWS a scan of the ledger would cost too much.
 */
export async function newestItems(
  gateway: OperatedGateway,
  timeOf: (item: Item) => readonly [name: string, time: string | undefined] | undefined,
): Promise<Map<string, Date>> {
  const newest = new Map<string, Date>();
  const scan = { TableName: ledgerTable({ gateway }), ConsistentRead: true };
  for await (const { Items: items = [] } of paginateScan({ client: gateway.client(DynamoDBClient) }, scan)) {
    for (const item of items) {
      const [name, text] = timeOf(item) ?? [];
      if (name === undefined || text === undefined) continue;
      const time = new Date(text);
      if (time > (newest.get(name) ?? 0)) newest.set(name, time);
    }
  }
  return newest;
}
