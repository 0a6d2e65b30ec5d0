import { maySignUrl, schemeOf } from '../lambdas/core/provider.ts';
import type { Provider } from '../lambdas/core/provider.ts';
import { providers } from '../lambdas/providers/index.ts';
import { resolveConfig } from '../lib/config/config.ts';
import { defineConfig } from '../lib/config/settings.ts';
import type { SourceSettings } from '../lib/config/settings.ts';

/** What a source of the tests says beside its provider's name. */
const PARTICULARS: Readonly<Record<string, Partial<SourceSettings>>> = { osigu: { environment: 'production' } };

/** The providers that tests name. */
const NAMED: readonly string[] = ['optum', 'osigu', 'honeybee', 'nvsep', 'nabla'];

/** The most sources whose resources fit into one stack beside the gateway's own. */
const MOST_SOURCES = 11;

/** What a stack, a local gateway and its commands can meet in a provider. */
function traitsOf(provider: Provider): readonly string[] {
  const { methods, environments, batches, secret, acknowledge, handshakes, content = [] } = provider;
  const { coverage, headers, fetchesKeys } = schemeOf(provider, {});
  const traits = {
    ...{ environments, batches, parts: secret.parts, acknowledge, fetchesKeys, signsUrl: maySignUrl(provider) },
    ...{ challenge: handshakes?.challenge, echo: handshakes?.echo, signed: handshakes?.signed },
    ...{ inBody: headers.length === 0, [secret.madeBy]: true, [coverage]: true },
  };
  const names = Object.entries(traits).flatMap(([name, isThere]) => (isThere ? [name] : []));
  return [...methods, ...names, ...content.map(({ name }) => `content ${name}`)];
}

/** The providers that tests name, and then, as far as there is room, whichever has most that none before it has. */
function tested(): readonly string[] {
  const chosen = NAMED.flatMap((name) => providers.get(name) ?? []);
  const seen = new Set(chosen.flatMap(traitsOf));
  const newOf = (provider: Provider): number => traitsOf(provider).filter((trait) => !seen.has(trait)).length;
  while (chosen.length < MOST_SOURCES) {
    const [next] = [...providers.values()].sort((a, b) => newOf(b) - newOf(a));
    if (!next || newOf(next) === 0) break;
    chosen.push(next);
    for (const trait of traitsOf(next)) seen.add(trait);
  }
  return chosen.map(({ name }) => name);
}

/**
 * The configuration of the tests, in the place of hookgate.config.ts, which belongs to the customer: sources of providers that
 * have among them all that a provider can have, each named after its provider. What verifies and identifies is tested of every
 * provider, and needs no stack. `HOOKGATE_CONFIG` has the commands that tests start read it too.
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
