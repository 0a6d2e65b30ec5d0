import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadOwnProvider } from '../lib/config/own-providers.ts';
import type { OwnProvider, OwnProviders } from '../lib/config/own-providers.ts';
import { shownPath } from '../lib/places.ts';

/** The customer's own providers, and a line for each file that cannot be used as one. */
export interface OwnFiles {
  readonly own: readonly OwnProvider[];
  readonly problems: readonly string[];
}

/**
 * The customer's own providers: those whose files are named, or else those that the configuration names and all others in the folder
 * `providers` beside it.
 */
export async function ownFiles(
  named: readonly string[],
  directory: string,
  configured: OwnProviders,
): Promise<OwnFiles> {
  const texts = [...configured.own.keys(), ...configured.flaws.keys()];
  const folder = join(directory, 'providers');
  const beside = existsSync(folder) ? readdirSync(folder).filter((file) => /^[^.]+\.[cm]?[jt]s$/.test(file)) : [];
  const paths =
    named.length > 0
      ? named.map((path) => resolve(path))
      : [...texts.map((text) => resolve(directory, text)), ...beside.map((file) => join(folder, file))];
  const own: OwnProvider[] = [];
  const problems: string[] = [];
  for (const path of new Set(paths)) {
    const loaded = await loadOwnProvider(path);
    if (typeof loaded === 'string') problems.push(`${shownPath(path)} ${loaded}.`);
    else own.push(loaded);
  }
  return { own, problems };
}
