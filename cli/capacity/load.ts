import type { HookgateConfig } from '../../lib/config/config.ts';
import { ESTIMATES } from '../cost/events.ts';
import { useOfLane } from './lanes.ts';
import type { LaneUse, TargetLane, TargetsAre } from './lanes.ts';
import { QUOTAS } from './quotas.ts';
import type { QuotaName } from './quotas.ts';

/** Events a second, over so many sources that share them evenly. */
export interface Load {
  readonly perSecond: number;
  readonly sources: number;
  /** Settings of the processors. */
  readonly processor: {
    readonly batchSize: number;
    readonly batchingWindowSeconds: number;
    readonly maxConcurrency?: number;
  };
  /** The gateway's own limits of what comes in. Default: the configuration's defaults. */
  readonly throttle?: Pick<HookgateConfig['throttle'], 'requestsPerSecond'>;
  /** Requests a second that one address may send; Infinity if that is not limited. Default: the configuration's default. */
  readonly addressPerSecond?: number;
  /** The targets of the sources, each of which is handed every event. Default: there is none. */
  readonly targets?: readonly TargetLane[];
  /** Default: they are well. */
  readonly targetsAre?: TargetsAre;
  /** The part of the events that are published to the gateway's own bus. Default: all. */
  readonly published?: number;
}

/** How much of a quota is used. */
export interface Usage {
  readonly quota: QuotaName;
  readonly used: number;
  /** The whole of it. */
  readonly limit: number;
  /** 1 is the whole quota. */
  readonly share: number;
}

/** Seconds between two readings of a data key, in each container. */
const KEY_SECONDS = 300;
/** Writes of an event, at its source and at each target: claim, its place in the list, mark, lease, mark. */
const WRITES = 5;
/** Calls of KMS for a message, when the data key is at hand: none; and services that have a key of a container. */
const KEYED_SERVICES = 3;

/** The use of each quota by a load, the most used first. Executions at a time are arrivals times duration (Little's law). */
export function usagesOf({ perSecond, sources, processor, targets = [], ...load }: Load): Usage[] {
  const { targetsAre = 'well', published = 1 } = load;
  const each = perSecond / sources;
  const batch = Math.min(processor.batchSize, Math.max(1, each * processor.batchingWindowSeconds));
  const { verifierSeconds, processorSeconds } = ESTIMATES;
  const batchSeconds = processorSeconds.batch + batch * processorSeconds.event;
  const verifiers = perSecond * verifierSeconds.accepted;
  const batchesOfEach = each / batch;
  const processors = sources * batchesOfEach * batchSeconds;
  const lanes = targets.map((lane) => useOfLane(lane, each, targetsAre));
  const sum = (of: (use: LaneUse) => number): number =>
    lanes.reduce((total, use) => total + sources * use.lane.perSource * of(use), 0);
  const most = (of: (use: LaneUse) => number): number => Math.max(0, ...lanes.map(of));
  const executions = verifiers + processors + sum(({ underWay }) => underWay);
  const containers = Math.max(2 * sources + sum(() => 1), executions);
  const used: Record<QuotaName, number> = {
    apiRequests: perSecond,
    routeThrottle: each,
    // Most providers send from a few addresses: one is the worst case.
    addressLimit: each,
    concurrency: executions,
    invocations: perSecond + sources * batchesOfEach + sum(({ batches }) => batches),
    processors: batchesOfEach * batchSeconds,
    targetBatches: 0,
    tableWrites: WRITES * (perSecond + sum(() => each)),
    listWrites: each,
    kmsRequests: (KEYED_SERVICES * containers) / KEY_SECONDS,
    inFlight: Math.max(
      each * (processor.batchingWindowSeconds + batchSeconds),
      most(({ inFlight }) => inFlight),
    ),
    busEvents: perSecond * published + sum(({ lane }) => (lane.kind === 'bus' ? each : 0)),
    objects: Math.max(
      batchesOfEach,
      most(({ batches }) => batches),
    ),
    logEvents: perSecond + sources * batchesOfEach + sum(({ batches }) => batches),
  };
  const usage = (quota: QuotaName, amount: number, limit: number = QUOTAS[quota].limit): Usage => ({
    ...{ quota, used: amount, limit, share: amount / limit },
  });
  const [busiest] = lanes
    .map(({ underWay, lane }) => usage('targetBatches', underWay, lane.maxConcurrency))
    .sort(byShare);
  /** The gateway's own settings. */
  const limits: Partial<Record<QuotaName, number | undefined>> = {
    routeThrottle: load.throttle?.requestsPerSecond,
    addressLimit: load.addressPerSecond,
    processors: processor.maxConcurrency,
  };
  return (Object.keys(QUOTAS) as QuotaName[])
    .flatMap((quota) => (quota === 'targetBatches' ? (busiest ?? []) : usage(quota, used[quota], limits[quota])))
    .filter(({ limit }) => limit < Infinity)
    .sort(byShare);
}

const byShare = (one: Usage, other: Usage): number => other.share - one.share;
