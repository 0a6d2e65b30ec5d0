import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Provider } from '../../lambdas/core/provider.ts';
import * as registered from '../../lambdas/providers/registered.ts';

/** Where a provider's code is, so that a bundle can hold it and no other. */
export interface ProviderFile {
  /** Absolute path. */
  readonly path: string;
  /** The name by which the file exports it; `default` for its default export. */
  readonly exportName: string;
}

const DIRECTORY = fileURLToPath(new URL('../../lambdas/providers', import.meta.url));

/** The file of a provider of the registry: named like the provider, or in a folder of that name; undefined for any other. */
export function registeredFile(provider: Provider): ProviderFile | undefined {
  const [exportName] = Object.entries(registered).find(([, candidate]) => candidate === provider) ?? [];
  const path = [`${DIRECTORY}/${provider.name}.ts`, `${DIRECTORY}/${provider.name}/index.ts`].find((file) =>
    existsSync(file),
  );
  return exportName === undefined || path === undefined ? undefined : { path, exportName };
}
