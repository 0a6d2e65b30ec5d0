import settings from '../hookgate.config.ts';
import { resolveConfig } from './config/config.ts';
import type { HookgateConfig } from './config/config.ts';
import type { Settings } from './config/settings.ts';

/**
 * The configuration of this repository: hookgate.config.ts, checked. Throws a ConfigError that names every problem.
 *
 * @param change what to change in the settings before they are checked
 */
export const loadConfig = (change: (settings: Settings) => Settings = (given) => given): HookgateConfig =>
  resolveConfig(change(settings));
