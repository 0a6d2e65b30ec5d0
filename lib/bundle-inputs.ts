import type { Metafile } from 'esbuild';
import { resolve } from 'node:path';

const read = new Set<string>();

/** Notes the files that a bundle was made of; their paths are relative to `directory`. */
export function noteInputs({ inputs }: Metafile, directory: string): void {
  for (const path of Object.keys(inputs)) read.add(resolve(directory, path));
}

/** Absolute paths of all files that this process has bundled so far: as long as none of them changes, no bundle does. */
export const bundledInputs = (): readonly string[] => [...read];
