import type { Options } from '../lambdas/core/envelope.ts';
import { defaultWindowDays } from '../lambdas/core/provider.ts';
import type { Provider } from '../lambdas/core/provider.ts';
import type { Source } from '../lambdas/core/source.ts';
import { providers } from '../lambdas/providers/index.ts';
import type * as registered from '../lambdas/providers/registered.ts';

/** The name of a provider of the catalogue. */
export type ProviderName = (typeof registered)[keyof typeof registered]['name'];

/** A source of a provider with the defaults of its options. Throws an Error for a name that the catalogue has not. */
export function sourceOf(
  given: ProviderName | Provider,
  { source: name, options = {} }: { readonly source?: string; readonly options?: Options },
): Source {
  const provider = typeof given === 'string' ? registeredAs(given) : given;
  const defaults = Object.entries(provider.options).flatMap(([option, spec]) =>
    spec.default === undefined ? [] : [[option, spec.default] as const],
  );
  const [environment] = provider.environments ?? [];
  return {
    name: name ?? provider.name,
    provider,
    options: { ...(environment !== undefined && { environment }), ...Object.fromEntries(defaults), ...options },
    windowSeconds: defaultWindowDays(provider) * 86_400,
    maxBodyBytes: Number.MAX_SAFE_INTEGER,
  };
}

function registeredAs(name: string): Provider {
  const provider = providers.get(name);
  if (!provider) throw new Error(`the catalogue has no provider "${name}": see npm run providers`);
  return provider;
}
