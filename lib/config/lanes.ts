import { isTarget, sourceOf } from '../../lambdas/core/target.ts';
import type { SourceConfig } from './config.ts';
import type { TargetConfig } from './targets.ts';

/** A target as a source of its own, which it is to everything that queues, retries and shows events. */
export function laneOf(source: SourceConfig, target: TargetConfig): SourceConfig {
  const { handler, means, poll, silenceAlarmHours, allowList, targets, pace, ...rest } = source;
  const { name, retry, breaker, selfRepair } = target;
  return {
    ...rest,
    name,
    // Events that the source gathered arrive together: at a target none waits for others.
    batchingWindowSeconds: 0,
    retry: { ...source.retry, ...retry },
    breaker: breaker ?? source.breaker,
    selfRepair: selfRepair ?? source.selfRepair,
    ...(target.pace && { pace: target.pace }),
  };
}

/** The sources with the targets of each behind it. */
export const lanesOf = (sources: readonly SourceConfig[]): SourceConfig[] =>
  sources.flatMap((source) => [source, ...(source.targets ?? []).map((target) => laneOf(source, target))]);

/** Whether it is the name of a target that gets signed requests, and so has a secret of its own. */
export const isSigned = (name: string, sources: readonly SourceConfig[]): boolean =>
  targetNamed(name, sources)?.kind === 'http';

/** The target of that name, if it is the name of one. */
export const targetNamed = (name: string, sources: readonly SourceConfig[]): TargetConfig | undefined =>
  sources.find((source) => source.name === sourceOf(name))?.targets?.find((target) => target.name === name);

/** The lanes that have a secret of their own: each source, whose deliveries it verifies, and each target whose requests it signs. */
export const lanesWithSecret = (sources: readonly SourceConfig[]): SourceConfig[] =>
  lanesOf(sources).filter(({ name }) => !isTarget(name) || isSigned(name, sources));
