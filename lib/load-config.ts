import { dirname } from 'node:path';
import { checkedConfig, configPath, readConfigFile, unusable } from './config-file.ts';
import { ConfigError } from './config/config.ts';
import type { HookgateConfig } from './config/config.ts';
import type { OwnProviders } from './config/own-providers.ts';
import type { Settings } from './config/settings.ts';

const path = configPath();
const loaded = await readConfigFile(path).catch((error: unknown) => unusable(error, path));

/**
 * The configuration of this gateway, checked: hookgate.config.ts, or the file that HOOKGATE_CONFIG names. Handler files and
 * files of providers are relative to it. Throws a ConfigError that names every problem.
 *
 * @param change what to change in the settings before they are checked
 */
export function loadConfig(change?: (settings: Settings) => Settings): HookgateConfig {
  if (loaded instanceof ConfigError) throw loaded;
  return checkedConfig(loaded, change);
}

/** The directory of the configuration file. */
export const configDirectory = dirname(path);

/** The customer's own providers that the configuration names, as far as it can be loaded. */
export const ownProviders: OwnProviders =
  loaded instanceof ConfigError ? { own: new Map(), flaws: new Map() } : loaded.own;
