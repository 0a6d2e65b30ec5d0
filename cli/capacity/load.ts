import { ESTIMATES } from '../cost/events.ts';
import { QUOTAS } from './quotas.ts';
import type { QuotaName } from './quotas.ts';

/** Events a second, over so many sources that share them evenly. */
export interface Load {
  readonly perSecond: number;
  readonly sources: number;
  /** Settings of the processors. */
  readonly processor: { readonly batchSize: number; readonly batchingWindowSeconds: number };
}

/** How much of a quota is used. */
export interface Usage {
  readonly quota: QuotaName;
  readonly used: number;
  /** 1 is the whole quota. */
  readonly share: number;
}

/** Seconds between two readings of a data key, in each container. */
const KEY_SECONDS = 300;
/** Writes of an event: claim, its place in the list, mark, lease, mark. */
const WRITES = 5;
/** Calls of KMS for a message, when the data key is at hand: none; and services that have a key of a container. */
const KEYED_SERVICES = 3;

/** The use of each quota by a load, the most used first. Executions at a time are arrivals times duration (Little's law). */
export function usagesOf({ perSecond, sources, processor }: Load): Usage[] {
  const each = perSecond / sources;
  const batch = Math.min(processor.batchSize, Math.max(1, each * processor.batchingWindowSeconds));
  const { verifierSeconds, processorSeconds } = ESTIMATES;
  const batchSeconds = processorSeconds.batch + batch * processorSeconds.event;
  const verifiers = perSecond * verifierSeconds.accepted;
  const batchesOfEach = each / batch;
  const processors = sources * batchesOfEach * batchSeconds;
  const containers = Math.max(2 * sources, verifiers + processors);
  const used: Record<QuotaName, number> = {
    apiRequests: perSecond,
    routeThrottle: each,
    concurrency: verifiers + processors,
    processors: batchesOfEach * batchSeconds,
    tableWrites: WRITES * perSecond,
    kmsRequests: (KEYED_SERVICES * containers) / KEY_SECONDS,
    inFlight: each * (processor.batchingWindowSeconds + batchSeconds),
    busEvents: perSecond,
    objects: batchesOfEach,
    logEvents: perSecond + sources * batchesOfEach,
  };
  return (Object.keys(QUOTAS) as QuotaName[])
    .map((quota) => ({ quota, used: used[quota], share: used[quota] / QUOTAS[quota].limit }))
    .sort((one, other) => other.share - one.share);
}
