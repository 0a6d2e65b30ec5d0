import type { BuildOptions } from 'esbuild';
import { version } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { isUnchanged, statesOf } from './file-state.ts';
import { installedIn, INSTALLED_PACKAGES, MADE, PACKAGE } from './places.ts';

/** A file that the bundler has made. */
export interface BuiltFile {
  readonly code: string;
  /** The files that the file loads when it runs, by name. */
  readonly imports: readonly string[];
  /** The files that its code is made of, relative to the package. */
  readonly used: readonly string[];
  /** Absolute paths of the files that were read for it. */
  readonly inputs: readonly string[];
}

const Kept = z.object({
  states: z.record(z.string(), z.string()),
  code: z.string(),
  imports: z.array(z.string()),
  used: z.array(z.string()),
  inputs: z.array(z.string()),
});

const BUILT = join(MADE, 'built');
/** The files that say how others are read: what a package exports, how TypeScript is meant. */
const ABOUT_OTHERS = ['package.json', 'tsconfig.json'];
/** States that were looked at since something was made last: a gateway's bundles are made of the same files. */
const known = new Map<string, string>();

/** The file that was made with these options before; undefined if something that it was made of has changed. */
export function findBuilt(options: BuildOptions): BuiltFile | undefined {
  const path = place(options);
  if (!existsSync(path)) return undefined;
  try {
    const { states, ...file } = Kept.parse(JSON.parse(readFileSync(path, 'utf8')));
    return isUnchanged(states, known) ? file : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps what was made with these options, if it is of Hookgate's own files and of installed packages: how a customer's file is read
 * may depend on more than is looked at here. Returns it.
 */
export function keepBuilt(options: BuildOptions, file: BuiltFile): BuiltFile {
  if (!file.inputs.every((path) => path.startsWith(PACKAGE) || installedIn(path) !== undefined)) return file;
  const path = place(options);
  known.clear();
  mkdirSync(BUILT, { recursive: true });
  // In one step, because another process may do the same.
  const made = `${path}.${process.pid}`;
  writeFileSync(made, JSON.stringify({ ...file, states: statesOf([...file.inputs, ...aboutOthers(file.inputs)]) }));
  renameSync(made, path);
  return file;
}

/** The files that say how Hookgate's own files among these are read, those that are missing too. */
function aboutOthers(inputs: readonly string[]): string[] {
  const directories = new Set<string>();
  for (const path of inputs.filter((input) => input.startsWith(PACKAGE) && installedIn(input) === undefined))
    for (let at = dirname(path); `${at}${sep}`.startsWith(PACKAGE); at = dirname(at)) directories.add(at);
  return [...directories].flatMap((directory) => ABOUT_OTHERS.map((name) => join(directory, name)));
}

function place(options: BuildOptions): string {
  const packages = existsSync(INSTALLED_PACKAGES) ? readFileSync(INSTALLED_PACKAGES) : '';
  const hash = createHash('sha256')
    .update(`${version}\n${JSON.stringify(options)}\n`)
    .update(packages);
  return join(BUILT, `${hash.digest('hex').slice(0, 32)}.json`);
}
