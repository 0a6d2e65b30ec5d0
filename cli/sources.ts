import { isTarget, sourceOf } from '../lambdas/core/target.ts';
import type { SourceConfig } from '../lib/config/config.ts';
import { lanesOf } from '../lib/config/lanes.ts';
import { OperatorError } from './operator-error.ts';

/** The settings of a source that the sender needs. */
export type SenderSource = Pick<SourceConfig, 'name' | 'provider' | 'options' | 'handler'>;

/** The source of that name. Throws an {@link OperatorError} that lists the configured ones. */
export function sourceNamed<Source extends { readonly name: string }>(
  name: string,
  sources: readonly Source[],
): Source {
  const source = sources.find((candidate) => candidate.name === name);
  if (source) return source;
  if (isTarget(name))
    throw new OperatorError(`"${name}" is the name of a target, and this takes a source: name ${sourceOf(name)}.`);
  const names = sources.map((candidate) => candidate.name).join(', ');
  throw new OperatorError(`There is no source "${name}" in hookgate.config.ts; the sources are: ${names}.`);
}

/** The source or the target of that name, the target as a source of its own. Throws an {@link OperatorError} that lists what there is. */
export function laneNamed(name: string, sources: readonly SourceConfig[]): SourceConfig {
  const lanes = lanesOf(sources);
  const lane = lanes.find((candidate) => candidate.name === name);
  if (lane) return lane;
  if (!isTarget(name)) return sourceNamed(name, lanes);
  const targets = lanes.map((candidate) => candidate.name).filter(isTarget);
  const known = targets.length > 0 ? `the targets are: ${targets.join(', ')}` : 'no source has targets';
  throw new OperatorError(`There is no target "${name}" in hookgate.config.ts; ${known}.`);
}
