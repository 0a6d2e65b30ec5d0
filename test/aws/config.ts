import type { HookgateConfig } from '../../lib/config/config.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';
import settings from '../settings.ts';

/**
 * The configuration of the tests with everything on that its sources can do. The providers' APIs are stand-ins at the
 * given address, so that the secret is rotated and missed events are polled for.
 */
export const deployedConfig = (fakeProviders: string): HookgateConfig =>
  resolveConfig(withFakeProviders(settings, fakeProviders));
