import type { Provider } from '../../lambdas/core/provider.ts';
import { providers } from '../../lambdas/providers/index.ts';
import type { HookgateConfig, SourceConfig } from '../../lib/config/config.ts';
import { loadOwnProvider } from '../../lib/config/own-providers.ts';

type Named<Source extends SourceConfig> = Omit<Source, 'provider'> & { readonly provider: string };

/**
 * A configuration as text, its providers by name: for another process, or to tell whether it has changed. Nothing of it is gradual: one
 * machine has one version of a function.
 */
export function configText({ sources, gradual: _, ...config }: HookgateConfig): string {
  const named = sources.map(({ gradual: __, ...source }): Named<SourceConfig> => ({
    ...source,
    provider: source.provider.name,
  }));
  return JSON.stringify({ ...config, sources: named });
}

/** The configuration in such a text. A provider that is not in the registry is loaded from its file. */
export async function parseConfig(text: string): Promise<HookgateConfig> {
  const { sources, ...config } = JSON.parse(text) as Omit<HookgateConfig, 'sources'> & {
    readonly sources: readonly Named<SourceConfig>[];
  };
  const all = sources.map(async (source) => ({ ...source, provider: await providerOf(source) }));
  return { ...config, sources: await Promise.all(all) };
}

async function providerOf({ provider: name, providerFile }: Named<SourceConfig>): Promise<Provider> {
  const registered = providers.get(name);
  if (registered) return registered;
  const own = providerFile && (await loadOwnProvider(providerFile.path));
  if (!own || typeof own === 'string') throw new Error(`there is no provider ${name}${own ? `: its file ${own}` : ''}`);
  return own.provider;
}
