import { defaultWindowDays } from '../lambdas/core/provider.ts';
import type { Provider } from '../lambdas/core/provider.ts';
import type { Options } from '../lambdas/core/envelope.ts';
import { providerNamed } from '../lambdas/providers/index.ts';
import type { Source } from '../lambdas/core/source.ts';

/** The provider's options as the configuration's defaults make them. */
export const defaultOptionsOf = (provider: Provider): Options =>
  Object.fromEntries(
    Object.entries(provider.options).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

/** A source that has no limits in the way of what is measured. */
export function benchSource(name: string): Source {
  const provider = providerNamed(name);
  return {
    name,
    provider,
    options: defaultOptionsOf(provider),
    windowSeconds: defaultWindowDays(provider) * 86_400,
    maxBodyBytes: 2_000_000,
  };
}

export const URL_OF_SOURCE = 'https://hooks.example.com/prod/webhooks/bench';
export const SECRET = 'a signing secret of some length';
