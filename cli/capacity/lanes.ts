import type { HookgateConfig } from '../../lib/config/config.ts';
import { laneOf } from '../../lib/config/lanes.ts';
import type { TargetKind } from '../../lib/config/targets.ts';
import { batchesOf } from '../../lib/constructs/batches.ts';
import { ESTIMATES } from '../cost/events.ts';

/** A target, as far as its load depends on it. */
export interface TargetLane {
  /** How many of it a source has on average: the configuration's sources stand for those of the load. */
  readonly perSource: number;
  readonly kind: TargetKind;
  /** Seconds after which a try fails. */
  readonly timeoutSeconds: number;
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

/** The targets of a configuration. */
export const targetLanes = (config: Pick<HookgateConfig, 'processor' | 'sources'>): TargetLane[] =>
  config.sources.flatMap((source) =>
    (source.targets ?? []).map((target) => {
      const { batchSize, maxConcurrency } = batchesOf(config, laneOf(source, target));
      const { kind, timeoutSeconds } = target;
      return { perSource: 1 / config.sources.length, kind, timeoutSeconds, batchSize, maxConcurrency };
    }),
  );

/** Whether the targets are well, or take all of the time that they have. */
export type TargetsAre = 'well' | 'slow';

/** The work of one target. */
export interface LaneUse {
  readonly lane: TargetLane;
  /** Batches a second, each an invocation, a line of the log and an object of the archive. */
  readonly batches: number;
  /** Batches under way, if none has to wait. */
  readonly underWay: number;
  /** Messages that its queue has in flight. */
  readonly inFlight: number;
}

/**
 * The use of a target by so many events a second. An event waits for no others. Only once as many batches are under way as may be,
 * the events that wait fill them; their tries are side by side.
 */
export function useOfLane(lane: TargetLane, perSecond: number, targets: TargetsAre): LaneUse {
  const { batchSize, maxConcurrency } = lane;
  const trySeconds = secondsOfTry(lane, targets);
  const secondsOf = (batch: number): number =>
    ESTIMATES.processorSeconds.batch + batch * ESTIMATES.processorSeconds.event + trySeconds;
  let batch = 1;
  while (batch < batchSize && (perSecond / batch) * secondsOf(batch) > maxConcurrency) batch++;
  const batches = perSecond / batch;
  return { lane, batches, underWay: batches * secondsOf(batch), inFlight: perSecond * secondsOf(batch) };
}

function secondsOfTry({ kind, timeoutSeconds }: TargetLane, targets: TargetsAre): number {
  if (targets === 'slow') return timeoutSeconds;
  return kind === 'http' ? Math.min(timeoutSeconds, ESTIMATES.receiverSeconds) : 0;
}
