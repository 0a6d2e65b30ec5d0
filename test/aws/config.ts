import type { HookgateConfig } from '../../lib/config/config.ts';
import { loadConfig } from '../../lib/load-config.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';

/**
 * The configuration of this repository with everything on that its sources can do. The providers' APIs are stand-ins at the
 * given address, so that the secret is rotated and missed events are polled for.
 */
export const deployedConfig = (fakeProviders: string): HookgateConfig =>
  loadConfig((settings) => withFakeProviders(settings, fakeProviders));
