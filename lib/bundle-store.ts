import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MADE } from './places.ts';

/** A bundle's files by name. */
export type BundleFiles = ReadonlyMap<string, string | Uint8Array>;

const BUNDLES = join(MADE, 'bundles');

/** Puts a bundle into the directory of its hash, in one step: another process may be about to do the same. Returns the directory. */
export function storeBundle(files: BundleFiles): string {
  const hash = createHash('sha256');
  for (const [name, content] of files) hash.update(`${name}\n`).update(content);
  const directory = join(BUNDLES, hash.digest('hex').slice(0, 16));
  if (existsSync(directory)) return directory;
  mkdirSync(BUNDLES, { recursive: true });
  const temporary = mkdtempSync(join(BUNDLES, 'new-'));
  for (const [name, content] of files) writeFileSync(join(temporary, name), content);
  try {
    renameSync(temporary, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
  return directory;
}
