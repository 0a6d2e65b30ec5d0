import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ConfigError, resolveConfig } from './config/config.ts';
import type { HookgateConfig } from './config/config.ts';
import { loadOwnProviders } from './config/own-providers.ts';
import type { OwnProviders } from './config/own-providers.ts';
import type { Settings } from './config/settings.ts';
import { IS_COMPILED, PACKAGE, shownPath } from './places.ts';

/** Environment variable that names another file than hookgate.config.ts, relative to the working directory. */
export const CONFIG_VARIABLE = 'HOOKGATE_CONFIG';

/** The name of the one file that a customer edits; the package reads JavaScript too. */
const [NAME, ...OTHER_NAMES] = [
  'hookgate.config.ts',
  'hookgate.config.mts',
  'hookgate.config.js',
  'hookgate.config.mjs',
];

/** The content of a configuration file, before it is checked. */
export interface ConfigFile {
  /** Absolute path. */
  readonly path: string;
  readonly settings: Settings;
  /** The customer's own providers that the settings name, as far as they can be loaded. */
  readonly own: OwnProviders;
}

/**
 * The path of the configuration: what HOOKGATE_CONFIG names; else, in the repository, the file in its root, and for the package the
 * nearest one from the working directory upwards.
 */
export function configPath(): string {
  const named = process.env[CONFIG_VARIABLE] ?? '';
  if (named !== '') return resolve(named);
  return (IS_COMPILED ? nearest(process.cwd()) : undefined) ?? resolve(IS_COMPILED ? '.' : PACKAGE, NAME);
}

function nearest(directory: string): string | undefined {
  const found = [NAME, ...OTHER_NAMES].map((name) => join(directory, name)).find((path) => existsSync(path));
  const parent = dirname(directory);
  return found ?? (parent === directory ? undefined : nearest(parent));
}

function adviceOnAbsence(): string {
  if (process.env[CONFIG_VARIABLE]) return `correct the path in ${CONFIG_VARIABLE}, or leave the variable out`;
  return `${IS_COMPILED ? 'make it with "npx hookgate init"' : 'restore it'}, or name another file in ${CONFIG_VARIABLE}`;
}

/**
 * Reads a configuration file and the providers that it names. Rejects with what the file throws, or if there is no such file, or if it
 * exports nothing.
 */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  if (!existsSync(path)) throw new Error(`it does not exist: ${adviceOnAbsence()}`);
  const { default: settings } = await withoutExit(path, () => import(pathToFileURL(path).href));
  if (settings === undefined) throw new Error('it has no default export; write: export default defineConfig({ … })');
  return { path, settings, own: await loadOwnProviders(settings, dirname(path)) };
}

/** Imports a configuration. If that ends the process, a line says so: without it a command would end as if all were well. */
async function withoutExit(
  path: string,
  load: () => Promise<unknown>,
): Promise<{ readonly default?: Settings | undefined }> {
  const sayWhy = (): void => {
    const fault = 'it ends the process, or never finishes, while it is imported: leave out process.exit and the like';
    console.error(new ConfigError([fault], shownPath(path)).message);
    process.exitCode = 1;
  };
  process.once('exit', sayWhy);
  try {
    return (await load()) as { readonly default?: Settings };
  } finally {
    process.off('exit', sayWhy);
  }
}

/** Checks what a configuration file says. Throws a {@link ConfigError} that names every problem. */
export const checkedConfig = (
  { path, settings, own }: ConfigFile,
  change: (settings: Settings) => Settings = (given) => given,
): HookgateConfig => resolveConfig(change(settings), { root: dirname(path), file: shownPath(path), own });

/**
 * The configuration in a file, checked, for a CDK app that has a file of its own. Handler files and files of providers are relative
 * to it. Rejects with a {@link ConfigError} that names every problem.
 *
 * @param path absolute, or relative to the working directory
 */
export async function configFrom(path: string): Promise<HookgateConfig> {
  const file = await readConfigFile(resolve(path)).catch((error: unknown) => {
    throw unusable(error, path);
  });
  return checkedConfig(file);
}

/** The error that says that a file cannot be loaded at all. */
export const unusable = (error: unknown, path: string): ConfigError =>
  new ConfigError(
    [error instanceof Error ? `${placeOf(error, resolve(path))}${error.message}` : String(error)],
    shownPath(resolve(path)),
  );

/** The place in the configuration file, or in a file that it imports, that Node names beside an error; empty if it names none. */
function placeOf({ stack = '' }: Error, path: string): string {
  // Node puts the place of a syntax error into the first line.
  const [, file, line] = /^(\/.+):(\d+)\n/.exec(stack) ?? [];
  if (file !== undefined && file !== path) return `${shownPath(file)}:${line ?? ''}: `;
  const found = line ?? /^\d+/.exec(stack.split(`${path}:`)[1] ?? '')?.[0];
  return found === undefined ? '' : `line ${found}: `;
}
