import { resolveConfig } from '../lib/config/config.ts';
import { defineConfig } from '../lib/config/settings.ts';
import type { SourceSettings } from '../lib/config/source-settings.ts';

/** The settings of the tests' sources beside the provider's name. */
const PARTICULARS: Readonly<Record<string, Partial<SourceSettings>>> = { osigu: { environment: 'production' } };

/**
 * The providers of the sources: those that tests name, and one of each scheme beside them. Their deliveries carry one JSON event
 * each; deliveries of another form are tested on the use cases themselves (test/lambdas).
 */
const TESTED: readonly string[] = [
  ...['optum', 'osigu', 'honeybee', 'nvsep', 'nabla'],
  ...['standard-webhooks', 'github', 'stripe', 'slack', 'discord'],
];

/**
 * The configuration of the tests, in the place of hookgate.config.ts, which belongs to the customer: a source per provider,
 * named after it. Verification and identity are tested of every provider, and need no stack. `HOOKGATE_CONFIG` has the commands
 * that tests start read it too.
 */
const settings = defineConfig({
  stage: 'dev',
  sources: Object.fromEntries(TESTED.map((provider) => [provider, { provider, ...PARTICULARS[provider] }])),
});
export default settings;

/** The same, checked and with every default. */
export const config = resolveConfig(settings);

/** The names of the sources. */
export const sourceNames: readonly string[] = Object.keys(settings.sources);
