import { CloudWatchClient, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lambdas/adapters/expressions.ts';
import { METRIC } from '../../lambdas/contract.ts';
import { END, newestFirst, nextOf, START } from './events/places.ts';
import type { ListSource } from './events/places.ts';
import { BATCH, readItems } from './events/records.ts';
import type { OperatedGateway } from './gateway.ts';
import { ledgerTable } from './source-parts.ts';

/** How far back a data point is looked for. */
const DAYS = 14;
/** Seconds: how exact the time of a data point is. */
export const PERIOD = 300;
const DAY_MS = 86_400_000;

/** A metric that the functions of a source emit, as CloudWatch is asked for it. */
export interface AskedMetric {
  /** The name that the answer is found by. */
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

/** The newest events of a source that are looked at: a look must not read a whole ledger. */
const MOST_EVENTS = 1_000;

/**
 * When the newest of the sources' events was written, by a name that `timeOf` reads from an item. For one machine, where metrics do
 * not outlive a start.
 */
export async function newestItems(
  gateway: OperatedGateway,
  sources: readonly string[],
  timeOf: (item: Item) => readonly [name: string, time: string | undefined] | undefined,
): Promise<Map<string, Date>> {
  const newest = new Map<string, Date>();
  const client = gateway.client(DynamoDBClient);
  const table = ledgerTable({ gateway });
  const list = { client, table, pageSize: BATCH };
  const keys = (await Promise.all(sources.map((source) => keysOf(list, source).catch(withoutIndex)))).flat();
  for (let from = 0; from < keys.length; from += BATCH)
    for (const item of (await readItems(client, table, keys.slice(from, from + BATCH))).values()) {
      const [name, text] = timeOf(item) ?? [];
      if (name === undefined || text === undefined) continue;
      const time = new Date(text);
      if (time > (newest.get(name) ?? 0)) newest.set(name, time);
    }
  return newest;
}

/** The keys of a source's newest events. */
async function keysOf(list: ListSource, source: string): Promise<string[]> {
  const places = newestFirst(list, [source], { from: START, before: END });
  const keys: string[] = [];
  for (let place = await nextOf(places); place && keys.length < MOST_EVENTS; place = await nextOf(places))
    keys.push(place.pk);
  return keys;
}

/** A data directory of an earlier version has no list: nothing is known of its times. */
function withoutIndex(error: unknown): string[] {
  if (error instanceof Error && error.message.includes('specified index')) return [];
  throw error;
}
