import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bundledFiles } from '../../lib/bundle.ts';
import { REPOSITORY } from '../../lib/config/config.ts';

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().default(''),
      license: z.string().default('none'),
      dev: z.boolean().default(false),
      hasInstallScript: z.boolean().default(false),
      integrity: z.string().optional(),
    }),
  ),
});

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Whether only development needs it. */
  readonly dev: boolean;
  readonly hasInstallScript: boolean;
  /** The hash of its archive, as npm writes it; undefined if the lock file states none. */
  readonly integrity?: string | undefined;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(REPOSITORY, path), 'utf8'));

/** Every package of the lock file. */
export function lockedPackages(): LockedPackage[] {
  const { packages } = Lock.parse(readJson('package-lock.json'));
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, locked]) => ({ name: path.slice(path.lastIndexOf('node_modules/') + 13), ...locked }));
}

/** The packages of which there is code in a function's bundle, as `name@version`, sorted. */
export function packagesInBundle(entry: string): string[] {
  const directories = bundledFiles(entry).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  const Package = z.object({ name: z.string(), version: z.string() });
  const names = directories.map((directory) => {
    const { name, version } = Package.parse(readJson(join(directory, 'package.json')));
    return `${name}@${version}`;
  });
  return [...new Set(names)].sort();
}
