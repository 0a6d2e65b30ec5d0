import { buildSync } from 'esbuild';
import { relative } from 'node:path';
import type { ProviderFile } from '../lib/config/provider-file.ts';
import { BUNDLE_OPTIONS, CREDENTIALS_OF_LAMBDA } from '../lib/bundle.ts';

export interface SizeBound {
  readonly provider: ProviderFile | undefined;
  /** The most bytes of the provider's bundle. */
  readonly bytes: number;
}

/**
 * Bounds on the sizes of the bundles that hold one provider each, out of one build that holds all of them: a file takes no more of
 * a bundle than of that, in which others may use more of its exports. A bundle has the files that its function and its provider
 * import.
 */
export function sizeBounds(entry: string, files: readonly (ProviderFile | undefined)[]): SizeBound[] {
  const { metafile } = buildSync({
    ...BUNDLE_OPTIONS,
    alias: CREDENTIALS_OF_LAMBDA,
    entryPoints: [entry],
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  if (!output) throw new Error(`esbuild made nothing of ${entry}`);
  const bytesOf = (path: string): number => output.inputs[path]?.bytesInOutput ?? 0;
  const reached = (start: string, seen: Set<string>): Set<string> => {
    if (seen.has(start)) return seen;
    seen.add(start);
    for (const { path } of metafile.inputs[start]?.imports ?? []) reached(path, seen);
    return seen;
  };
  const attributed = Object.keys(output.inputs).reduce((sum, path) => sum + bytesOf(path), 0);
  // The file with the registry's import stops the way from the function to the providers.
  const shared = reached(entry, new Set([REGISTRY]));
  return files.map((provider) => {
    const own =
      provider === undefined ? [] : [...reached(relative('.', provider.path).replaceAll('\\', '/'), new Set(shared))];
    const inputs = own.reduce((sum, path) => sum + bytesOf(path), 0);
    return { provider, bytes: output.bytes - attributed + inputs };
  });
}

const REGISTRY = 'lambdas/adapters/provider-by-name.ts';
