import type { Metafile } from 'esbuild';
import { resolve } from 'node:path';
import { REPOSITORY } from './config/config.ts';

const read = new Set<string>();

/** Notes the files that a bundle was made of. */
export function noteInputs({ inputs }: Metafile): void {
  for (const path of Object.keys(inputs)) read.add(resolve(REPOSITORY, path));
}

/** Absolute paths of all files that this process has bundled so far: as long as none of them changes, no bundle does. */
export const bundledInputs = (): readonly string[] => [...read];
