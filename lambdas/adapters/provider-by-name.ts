import type { Provider } from '../core/provider.ts';
import { providerNamed } from '../providers/index.ts';
import { setting } from './environment.ts';

/**
 * The provider that the environment names, out of all. A bundle has its own provider's file in this place, and no other: a large
 * catalogue costs no cold start.
 */
export const provider: Provider = providerNamed(setting('provider'));
