import { providers } from '../../lambdas/providers/index.ts';
import type { HookgateConfig, SourceConfig } from '../../lib/config/config.ts';

type Named<Source extends SourceConfig> = Omit<Source, 'provider'> & { readonly provider: string };

/** A configuration as text, its providers by name: for another process, or to tell whether it has changed. */
export function configText({ sources, ...config }: HookgateConfig): string {
  const named = sources.map((source): Named<SourceConfig> => ({ ...source, provider: source.provider.name }));
  return JSON.stringify({ ...config, sources: named });
}

/** The configuration in such a text. */
export function parseConfig(text: string): HookgateConfig {
  const { sources, ...config } = JSON.parse(text) as Omit<HookgateConfig, 'sources'> & {
    readonly sources: readonly Named<SourceConfig>[];
  };
  return { ...config, sources: sources.map((source) => ({ ...source, provider: providerNamed(source.provider) })) };
}

function providerNamed(name: string) {
  const provider = providers.get(name);
  if (!provider) throw new Error(`there is no provider ${name} in the registry`);
  return provider;
}
