import type { SourceConfig } from '../lib/config/config.ts';
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
  const names = sources.map((candidate) => candidate.name).join(', ');
  throw new OperatorError(`There is no source "${name}" in hookgate.config.ts; the sources are: ${names}.`);
}
