import { CloudWatchClient, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { METRIC } from '../../lambdas/contract.ts';
import type { Ops } from './command.ts';
import { ledgerTable } from './source-parts.ts';

/** How far back a delivery is looked for, and seconds: how exact its time is on AWS. */
const DAYS = 14;
const PERIOD = 300;
const DAY_MS = 86_400_000;

/**
 * When an authentic delivery last came, by source. On AWS that is the newest point of the metric, for the ledger has no order of
 * time; on one machine, where nothing keeps metrics, it is the newest item of the ledger.
 */
export const lastDeliveries = (ops: Ops, sources: readonly string[]): Promise<ReadonlyMap<string, Date>> =>
  ops.target.isLocal ? fromLedger(ops) : fromMetrics(ops, sources);

async function fromMetrics({ target, clock }: Ops, sources: readonly string[]): Promise<Map<string, Date>> {
  const client = target.client(CloudWatchClient);
  const queries = sources.map((source, index) => ({
    Id: `source${index}`,
    MetricStat: {
      Metric: {
        Namespace: METRIC.namespace,
        MetricName: METRIC.acknowledgeTime,
        Dimensions: [
          { Name: 'service', Value: METRIC.service },
          { Name: METRIC.dimension.source, Value: source },
        ],
      },
      Period: PERIOD,
      Stat: 'SampleCount',
    },
  }));
  const range = { StartTime: new Date(clock() - DAYS * DAY_MS), EndTime: new Date(clock()) };
  const request = { ...range, MetricDataQueries: queries, ScanBy: 'TimestampDescending' as const };
  const newest = new Map<string, Date>();
  for await (const { MetricDataResults: results = [] } of paginateGetMetricData({ client }, request)) {
    for (const { Id: id = '', Timestamps: [time] = [] } of results) {
      const source = sources[Number(id.slice('source'.length))];
      if (source !== undefined && time && !newest.has(source)) newest.set(source, time);
    }
  }
  return newest;
}

async function fromLedger(ops: Ops): Promise<Map<string, Date>> {
  const client = ops.target.client(DynamoDBClient);
  const newest = new Map<string, Date>();
  for await (const { Items: items = [] } of paginateScan({ client }, { TableName: ledgerTable(ops) })) {
    for (const { source, via, lastReceivedAt: at } of items) {
      if (source?.S === undefined || at?.S === undefined || via?.S !== 'webhook') continue;
      const time = new Date(at.S);
      if (time > (newest.get(source.S) ?? 0)) newest.set(source.S, time);
    }
  }
  return newest;
}
