import { providers } from '../lambdas/providers/index.ts';
import { resolveConfig } from '../lib/config/config.ts';
import { defineConfig } from '../lib/config/settings.ts';
import type { SourceSettings } from '../lib/config/settings.ts';

/** What a source of the tests says beside its provider's name. */
const PARTICULARS: Readonly<Record<string, Partial<SourceSettings>>> = { osigu: { environment: 'production' } };

/**
 * The configuration of the tests, in the place of hookgate.config.ts, which belongs to the customer: one source for each
 * provider of the registry, named after it. `HOOKGATE_CONFIG` has the commands that tests start read it too.
 */
const settings = defineConfig({
  stage: 'dev',
  sources: Object.fromEntries(
    [...providers.keys()].map((provider) => [provider, { provider, ...PARTICULARS[provider] }]),
  ),
});
export default settings;

/** The same, checked and with every default. */
export const config = resolveConfig(settings);

/** The names of the sources. */
export const sourceNames: readonly string[] = Object.keys(settings.sources);
