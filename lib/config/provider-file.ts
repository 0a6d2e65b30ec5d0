import { existsSync } from 'node:fs';
import type { Provider } from '../../lambdas/core/provider.ts';
import * as registered from '../../lambdas/providers/registered.ts';
import { codeFile } from '../places.ts';

/** Where a provider's code is, so that a bundle can hold it and no other. */
export interface ProviderFile {
  /** Absolute path. */
  readonly path: string;
  /** The name by which the file exports it; `default` for its default export. */
  readonly exportName: string;
}

/** The file of a provider of the registry: named like the provider, or in a folder of that name; undefined for any other. */
export function registeredFile(provider: Provider): ProviderFile | undefined {
  const [exportName] = Object.entries(registered).find(([, candidate]) => candidate === provider) ?? [];
  const path = [`${provider.name}.ts`, `${provider.name}/index.ts`]
    .map((file) => codeFile(`lambdas/providers/${file}`))
    .find((file) => existsSync(file));
  return exportName === undefined || path === undefined ? undefined : { path, exportName };
}
