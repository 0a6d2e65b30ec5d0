import { OperatorError } from '../cli/operator-error.ts';
import type { Inspection } from '../cli/send/inspection.ts';
import { providers } from '../lambdas/providers/index.ts';
import type { HookgateConfig } from '../lib/config/config.ts';
import type { Settings } from '../lib/config/settings.ts';
import type { SourceSettings } from '../lib/config/source-settings.ts';

/** Settings with a source per provider: one for each of the catalogue, and the sources of the customer's own providers. */
export function withEveryProvider({ sources }: Settings): Settings {
  const own = Object.entries(sources).filter(([, { provider }]) => !providers.has(provider));
  const catalogued = [...providers.values()].map(({ name, environments }): [string, SourceSettings] => {
    const environment = environments?.[0];
    return [name, { provider: name, ...(environment !== undefined && { environment }) }];
  });
  return {
    stage: 'dev',
    sources: {
      // Only their providers are shown: a handler would do its work on samples.
      ...Object.fromEntries(own.map(([name, { handler: _, ...source }]) => [name, source])),
      ...Object.fromEntries(catalogued),
    },
  };
}

/** Whether a running gateway has a source per provider, as its configuration says. */
export async function hasEveryProvider({ sources }: HookgateConfig, inspection: Inspection): Promise<boolean> {
  const used = new Set(sources.map(({ provider }) => provider));
  if (![...providers.values()].every((provider) => used.has(provider))) return false;
  try {
    const running = await Promise.all(sources.map(({ name }) => inspection.queue(name)));
    return running.every((queue) => queue !== undefined);
  } catch (error) {
    if (error instanceof OperatorError) return false;
    throw error;
  }
}
