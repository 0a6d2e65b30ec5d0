import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { isUnchanged, statesOf } from '../../lib/file-state.ts';
import { INSTALLED_PACKAGES, PACKAGE } from '../../lib/places.ts';

/** Cloud assemblies of earlier starts, each with the files that it was made of. */
export interface SynthesisCache {
  /** The assembly's directory, if one was made of just this configuration and of files that are still the same. */
  find(config: string): string | undefined;
  /** A new directory to synthesize into. */
  begin(): string;
  /** Keeps what was synthesized there; returns its place now. */
  keep(config: string, directory: string, inputs: readonly string[]): string;
}

/** The files that every template and bundle is made of, beside the files that a bundle draws in. */
const SOURCES = ['lib', 'lambdas', 'local/template', 'package.json', 'package-lock.json', 'tsconfig.json'];
const [MANIFEST, ASSEMBLY] = ['inputs.json', 'cdk.out'];
/** Assemblies that are kept; the one that was used the longest ago goes first. */
const CAPACITY = 30;

const Manifest = z.record(z.string(), z.string());

/** A cache in a directory. It never says that something is unchanged by time stamps: contents alone count. */
export function synthesisCache(directory: string): SynthesisCache {
  const place = (config: string): string => join(directory, keyOf(config));
  return {
    find(config) {
      const entry = place(config);
      if (!isFresh(join(entry, MANIFEST))) return undefined;
      const now = new Date();
      utimesSync(entry, now, now);
      return join(entry, ASSEMBLY);
    },
    begin() {
      mkdirSync(directory, { recursive: true });
      return join(mkdtempSync(join(directory, 'new-')), ASSEMBLY);
    },
    keep(config, assembly, inputs) {
      const [made, entry] = [dirname(assembly), place(config)];
      writeFileSync(join(made, MANIFEST), JSON.stringify(statesOf(inputs)));
      // In one step, since another start may do the same.
      rmSync(entry, { recursive: true, force: true });
      try {
        renameSync(made, entry);
      } catch {
        return assembly;
      }
      forgetOldest(directory);
      return join(entry, ASSEMBLY);
    },
  };
}

function keyOf(config: string): string {
  const hash = createHash('sha256').update(config).update(process.version);
  for (const path of [...SOURCES.map((name) => join(PACKAGE, name)), INSTALLED_PACKAGES].flatMap(filesBelow))
    hash.update(`\n${path}\n`).update(readFileSync(path));
  return hash.digest('hex').slice(0, 32);
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function isFresh(manifest: string): boolean {
  if (!existsSync(manifest)) return false;
  try {
    return isUnchanged(Manifest.parse(JSON.parse(readFileSync(manifest, 'utf8'))));
  } catch {
    return false;
  }
}

function forgetOldest(directory: string): void {
  const entries = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name));
  const byUse = entries.map((path) => ({ path, usedAt: statSync(path).mtimeMs })).sort((a, b) => b.usedAt - a.usedAt);
  for (const { path } of byUse.slice(CAPACITY)) rmSync(path, { recursive: true, force: true });
}
