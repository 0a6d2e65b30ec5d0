import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isObject } from '../../lambdas/core/json.ts';
import { isDefined } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { providers } from '../../lambdas/providers/index.ts';
import { providerFlaw } from './provider-check.ts';
import type { ProviderFile } from './provider-file.ts';
import type { Settings } from './settings.ts';

/** A provider of the customer's own, which the configuration names by its file. */
export interface OwnProvider {
  readonly provider: Provider;
  readonly file: ProviderFile;
}

/** The customer's own providers by the text that names them, and what is wrong with those that cannot be used. */
export interface OwnProviders {
  readonly own: ReadonlyMap<string, OwnProvider>;
  /** By the text that names the provider: the end of a sentence that starts with that text. */
  readonly flaws: ReadonlyMap<string, string>;
}

/** The export of a provider's file that is the provider. */
export const OWN_EXPORT = 'default';

/** Whether the text that names a source's provider is a file: `./providers/acme.ts`. */
export const isProviderFile = (text: unknown): text is string =>
  typeof text === 'string' && /^\.{0,2}\/|\.[cm]?[jt]s$/.test(text);

/** Loads the files that the settings name as providers; they are relative to `root`. The settings may be anything. */
export async function loadOwnProviders(settings: unknown, root: string): Promise<OwnProviders> {
  const sources: unknown = isObject(settings) ? settings.sources : undefined;
  const named = isObject(sources) ? Object.values(sources).map((source) => isObject(source) && source.provider) : [];
  const own = new Map<string, OwnProvider>();
  const flaws = new Map<string, string>();
  for (const text of new Set(named.filter(isProviderFile))) {
    const loaded = await loadOwnProvider(resolve(root, text));
    if (typeof loaded === 'string') {
      flaws.set(text, loaded);
      continue;
    }
    const twin = [...own].find(([, { provider }]) => provider.name === loaded.provider.name);
    if (twin && twin[1].file.path !== loaded.file.path)
      flaws.set(text, `has the name "${loaded.provider.name}", as ${twin[0]} has: give one of them another name`);
    else own.set(text, twin?.[1] ?? loaded);
  }
  return { own, flaws };
}

/** The provider of a file, by its absolute path; or what is wrong, as the end of a sentence that starts with the file's name. */
export async function loadOwnProvider(path: string): Promise<OwnProvider | string> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    return `does not exist (${path}): correct the path, or make the file with "npm run new-provider -- <name>"`;
  let exported: { readonly default?: unknown };
  try {
    exported = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  } catch (error) {
    return `cannot be loaded: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
  const { default: value } = exported;
  if (value === undefined) return 'has no default export: write "export default defineProvider({ … })"';
  if (!isDefined(value))
    return 'has a default export that defineProvider of lambdas/core/provider.ts has not made: write "export default defineProvider({ … })"';
  const flaw = providerFlaw(value) ?? clash(value);
  return flaw ?? { provider: value, file: { path, exportName: OWN_EXPORT } };
}

const clash = ({ name }: Provider): string | undefined =>
  providers.has(name)
    ? `has the name "${name}", which is that of a provider of the catalogue: choose another`
    : undefined;

export const NO_OWN_PROVIDERS: OwnProviders = { own: new Map(), flaws: new Map() };

/**
 * The settings without the sources whose provider's file cannot be used, and a line for each of these: nothing else can be said
 * of such a source.
 */
export function withoutUnusable(settings: Settings, flaws: OwnProviders['flaws']) {
  if (flaws.size === 0) return { usable: settings, unusable: [] };
  const sources = Object.entries(settings.sources);
  const isUsable = ([, source]: (typeof sources)[number]): boolean => !flaws.has(source.provider);
  const unusable = sources.flatMap(([name, { provider }]) => {
    const flaw = flaws.get(provider);
    return flaw === undefined ? [] : [`sources.${name}.provider: ${provider} ${flaw}`];
  });
  return { usable: { ...settings, sources: Object.fromEntries(sources.filter(isUsable)) }, unusable };
}
