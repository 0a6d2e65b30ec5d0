import type { Metafile } from 'esbuild';
import { resolve } from 'node:path';

const read = new Set<string>();

/** Notes the files that a bundle was made of, by their absolute paths. */
export function noteInputs(paths: readonly string[]): void {
  for (const path of paths) read.add(path);
}

/** The absolute paths of the files that a bundle was made of: those of a metafile are relative to the bundler's directory. */
export const inputsOf = ({ inputs }: Metafile, directory: string): string[] =>
  Object.keys(inputs).map((path) => resolve(directory, path));

/** Absolute paths of all files that this process has bundled so far: as long as none of them changes, no bundle does. */
export const bundledInputs = (): readonly string[] => [...read];
