import settings from '../../hookgate.config.ts';
import { resolveConfig } from './config.ts';
import type { HookgateConfig } from './config.ts';

/** The configuration of this repository: hookgate.config.ts, checked. Throws a ConfigError that names every problem. */
export const loadConfig = (): HookgateConfig => resolveConfig(settings);
