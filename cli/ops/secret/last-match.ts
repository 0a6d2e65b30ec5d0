import { CloudWatchClient, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { METRIC } from '../../../lambdas/contract.ts';
import type { SecretLabel } from '../../../lambdas/core/verdict.ts';
import type { Target } from '../target.ts';
import type { LabelledVersion } from './stored.ts';

/** How far back a match is looked for. */
const DAYS = 14;
/** Seconds: how exact the time of a match is on AWS. */
const PERIOD = 300;
const DAY_MS = 86_400_000;

/** When a delivery last matched a version; absent for one that none has matched. */
export type LastMatches = ReadonlyMap<SecretLabel, Date>;

/**
 * When each version of a source's secret last matched. On AWS that is the newest data point of the metric, which knows the
 * label that the version had then: points from before it got the label are another version's. On one machine, where nothing
 * keeps metrics, it is the ledger's newest item.
 */
export const lastMatches = (
  source: string,
  versions: readonly LabelledVersion[],
  now: number,
  target: Target,
): Promise<LastMatches> =>
  target.isLocal ? fromLedger(source, versions, target) : fromMetrics(source, versions, now, target);

async function fromMetrics(
  source: string,
  versions: readonly LabelledVersion[],
  now: number,
  target: Target,
): Promise<LastMatches> {
  const client = target.client(CloudWatchClient);
  const { dimension } = METRIC;
  const dimensionsOf = (label: SecretLabel) => [
    { Name: 'service', Value: METRIC.service },
    { Name: dimension.source, Value: source },
    { Name: dimension.secretVersion, Value: label },
  ];
  const queries = versions.map(({ label }) => ({
    Id: label,
    MetricStat: {
      Metric: { Namespace: METRIC.namespace, MetricName: METRIC.verifiedWith, Dimensions: dimensionsOf(label) },
      Period: PERIOD,
      Stat: 'Sum',
    },
  }));
  const range = { StartTime: new Date(now - DAYS * DAY_MS), EndTime: new Date(now) };
  const newest = new Map<SecretLabel, Date>();
  if (queries.length === 0) return newest;
  const request = { ...range, MetricDataQueries: queries, ScanBy: 'TimestampDescending' as const };
  for await (const { MetricDataResults: results = [] } of paginateGetMetricData({ client }, request)) {
    for (const { Id: id, Timestamps: [time] = [] } of results) {
      const version = versions.find(({ label }) => label === id);
      if (time && version && !newest.has(version.label) && isSince(time, since(version, versions)))
        newest.set(version.label, time);
    }
  }
  return newest;
}

/** A data point stands for the whole of its period. */
const isSince = (point: Date, time: number): boolean => point.getTime() + PERIOD * 1000 > time;

/** Since when a version has had its label: the previous one since the current one was made. */
const since = ({ label, createdAt }: LabelledVersion, versions: readonly LabelledVersion[]): number =>
  (label === 'previous' ? versions.find((version) => version.label === 'current') : undefined)?.createdAt.getTime() ??
  createdAt.getTime();

async function fromLedger(source: string, versions: readonly LabelledVersion[], target: Target): Promise<LastMatches> {
  const client = target.client(DynamoDBClient);
  const newest = new Map<SecretLabel, Date>();
  const scan = { TableName: target.output('LedgerTable'), ConsistentRead: true };
  for await (const { Items: items = [] } of paginateScan({ client }, scan)) {
    for (const { source: of, secretVersionId: id, firstReceivedAt: at } of items) {
      const version = versions.find(({ versionId }) => versionId === id?.S);
      if (!version || of?.S !== source || at?.S === undefined) continue;
      const time = new Date(at.S);
      if (time > (newest.get(version.label) ?? 0)) newest.set(version.label, time);
    }
  }
  return newest;
}
