import { METRIC } from '../../../lambdas/contract.ts';
import type { OperatedGateway } from '../gateway.ts';
import { newestDataPoints, newestItems, PERIOD } from '../newest.ts';
import type { LabelledVersion } from './stored.ts';

/** When a delivery last matched a version, by its label; absent for a version that none has matched. */
export type LastMatches = ReadonlyMap<string, Date>;

/**
 * When each version of a source's secret last matched. On AWS that is the newest data point of the metric, which knows the
 * label that the version had then: points from before it had the label are another version's. On one machine, where nothing
 * keeps metrics, it is the ledger's newest item.
 */
export const lastMatches = (
  source: string,
  versions: readonly LabelledVersion[],
  now: number,
  gateway: OperatedGateway,
): Promise<LastMatches> =>
  gateway.isLocal ? fromLedger(source, versions, gateway) : fromMetrics(source, versions, now, gateway);

async function fromMetrics(
  source: string,
  versions: readonly LabelledVersion[],
  now: number,
  gateway: OperatedGateway,
): Promise<LastMatches> {
  const newest = await newestDataPoints(
    gateway,
    now,
    versions.map(({ label }) => ({
      ...{ name: label, metric: METRIC.verifiedWith, statistic: 'Sum' },
      dimensions: { [METRIC.dimension.source]: source, [METRIC.dimension.secretVersion]: label },
    })),
  );
  const isOfVersion = (version: LabelledVersion): boolean => {
    const time = newest.get(version.label);
    return time !== undefined && isSince(time, since(version, versions));
  };
  const own = versions.filter(isOfVersion).map(({ label }) => label);
  return new Map([...newest].filter(([label]) => own.some((each) => each === label)));
}

/** A data point stands for the whole of its period. */
const isSince = (point: Date, time: number): boolean => point.getTime() + PERIOD * 1000 > time;

/** Since when a version has had its label: the previous version since the current one was made. */
const since = ({ label, createdAt }: LabelledVersion, versions: readonly LabelledVersion[]): number =>
  (label === 'previous' ? versions.find((version) => version.label === 'current') : undefined)?.createdAt.getTime() ??
  createdAt.getTime();

const fromLedger = (
  source: string,
  versions: readonly LabelledVersion[],
  gateway: OperatedGateway,
): Promise<LastMatches> =>
  newestItems(gateway, [source], ({ source: of, secretVersionId: id, firstReceivedAt: at }) => {
    const version = versions.find(({ versionId }) => versionId === id?.S);
    return version && of?.S === source ? [version.label, at?.S] : undefined;
  });
