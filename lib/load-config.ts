import { dirname, relative, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ConfigError, REPOSITORY, resolveConfig } from './config/config.ts';
import type { HookgateConfig } from './config/config.ts';
import type { Settings } from './config/settings.ts';

/** Environment variable that names another file than hookgate.config.ts, relative to the working directory. */
export const CONFIG_VARIABLE = 'HOOKGATE_CONFIG';

const named = process.env[CONFIG_VARIABLE] ?? '';
const file = named === '' ? resolve(REPOSITORY, 'hookgate.config.ts') : resolve(named);
const loaded = await load().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));

/** The settings as the file exports them: whatever a person has written. */
async function load(): Promise<Settings> {
  const { default: settings } = (await import(pathToFileURL(file).href)) as { readonly default?: Settings };
  if (settings === undefined) throw new Error('it has no default export; write: export default defineConfig({ … })');
  return settings;
}

/**
 * The configuration of this gateway, checked: hookgate.config.ts, or the file that HOOKGATE_CONFIG names. Handler files are
 * relative to it. Throws a ConfigError that names every problem.
 *
 * @param change what to change in the settings before they are checked
 */
export function loadConfig(change: (settings: Settings) => Settings = (given) => given): HookgateConfig {
  const name = relative(REPOSITORY, file);
  if (loaded instanceof Error) throw new ConfigError([loaded.message], name);
  return resolveConfig(change(loaded), { root: dirname(file), file: name });
}
