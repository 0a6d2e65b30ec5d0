import { dirname, relative, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ConfigError, REPOSITORY, resolveConfig } from './config/config.ts';
import { loadOwnProviders } from './config/own-providers.ts';
import type { OwnProviders } from './config/own-providers.ts';
import type { HookgateConfig } from './config/config.ts';
import type { Settings } from './config/settings.ts';

/** Environment variable that names another file than hookgate.config.ts, relative to the working directory. */
export const CONFIG_VARIABLE = 'HOOKGATE_CONFIG';

const named = process.env[CONFIG_VARIABLE] ?? '';
const file = named === '' ? resolve(REPOSITORY, 'hookgate.config.ts') : resolve(named);
const loaded = await load().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));

interface Loaded {
  readonly settings: Settings;
  readonly own: OwnProviders;
}

/** The settings as the file exports them, whatever a person has written, and the providers whose files they name. */
async function load(): Promise<Loaded> {
  const { default: settings } = (await import(pathToFileURL(file).href)) as { readonly default?: Settings };
  if (settings === undefined) throw new Error('it has no default export; write: export default defineConfig({ … })');
  return { settings, own: await loadOwnProviders(settings, dirname(file)) };
}

/**
 * The configuration of this gateway, checked: hookgate.config.ts, or the file that HOOKGATE_CONFIG names. Handler files and
 * files of providers are relative to it. Throws a ConfigError that names every problem.
 *
 * @param change what to change in the settings before they are checked
 */
export function loadConfig(change: (settings: Settings) => Settings = (given) => given): HookgateConfig {
  const name = relative(REPOSITORY, file);
  if (loaded instanceof Error) throw new ConfigError([loaded.message], name);
  return resolveConfig(change(loaded.settings), { root: dirname(file), file: name, own: loaded.own });
}

/** The directory of the configuration file. */
export const configDirectory = dirname(file);

/** The customer's own providers that the configuration names, as far as it can be loaded. */
export const ownProviders: OwnProviders = loaded instanceof Error ? { own: new Map(), flaws: new Map() } : loaded.own;
