import { maySignUrl } from '../lambdas/core/provider.ts';
import type { Provider } from '../lambdas/core/provider.ts';
import { providers } from '../lambdas/providers/index.ts';
import { resolveConfig } from '../lib/config/config.ts';
import { defineConfig } from '../lib/config/settings.ts';
import type { SourceSettings } from '../lib/config/settings.ts';

/** What a source of the tests says beside its provider's name. */
const PARTICULARS: Readonly<Record<string, Partial<SourceSettings>>> = { osigu: { environment: 'production' } };

/** The providers that tests name. */
const NAMED: readonly string[] = ['optum', 'osigu', 'honeybee', 'nvsep', 'nabla'];

/** What the resources of a source depend on: the same for many providers, which differ in no more than what they verify. */
function kindOf(provider: Provider): string {
  const { methods, secret, api, rotation, missedEvents, environments, batches = false } = provider;
  const isThere = [secret.parts, rotation, missedEvents].map((part) => part !== undefined);
  const facts = [methods, secret.madeBy, api, environments, batches, maySignUrl(provider), ...isThere];
  return JSON.stringify([facts, Object.keys(provider.options)]);
}

/** The providers that tests name, and of each kind that is not among them the first of the registry. */
function tested(): readonly string[] {
  const named = NAMED.flatMap((name) => providers.get(name) ?? []);
  const kinds = Map.groupBy([...named, ...providers.values()], kindOf);
  const firsts = [...kinds.values()].flatMap(([first]) => first ?? []);
  return [...new Set([...named, ...firsts])].map(({ name }) => name);
}

/**
 * The configuration of the tests, in the place of hookgate.config.ts, which belongs to the customer: a source of each kind of
 * provider, named after it. What verifies and identifies is tested of every provider, and needs no stack. `HOOKGATE_CONFIG` has the
 * commands that tests start read it too.
 */
const settings = defineConfig({
  stage: 'dev',
  sources: Object.fromEntries(tested().map((provider) => [provider, { provider, ...PARTICULARS[provider] }])),
});
export default settings;

/** The same, checked and with every default. */
export const config = resolveConfig(settings);

/** The names of the sources. */
export const sourceNames: readonly string[] = Object.keys(settings.sources);
