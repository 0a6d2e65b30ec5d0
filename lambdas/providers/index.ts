import type { Provider } from '../core/provider.ts';
import * as registered from './registered.ts';

const all: readonly Provider[] = Object.values(registered);

/** Every provider, by name. */
export const providers: ReadonlyMap<string, Provider> = new Map(all.map((provider) => [provider.name, provider]));

/** The provider of that name. Throws if there is none: that is a mistake of the operator, never of a sender. */
export function providerNamed(name: string): Provider {
  const provider = providers.get(name);
  if (!provider) throw new Error(`Unknown provider "${name}"; known are ${[...providers.keys()].join(', ')}.`);
  return provider;
}
