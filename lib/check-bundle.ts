import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ENV } from '../lambdas/contract.ts';
import { sha256 } from '../lambdas/core/hash.ts';
import { providers } from '../lambdas/providers/index.ts';
import { ConfigError } from './config/config.ts';
import { CUSTOMER_FILE } from './customer-handler.ts';
import { MADE, shownPath } from './places.ts';

/** Files of bundles that have been loaded once, by their hash. */
const CHECKED = join(MADE, 'checked');
/** Twice what Lambda gives a function to load: this machine may be busy. */
const LOAD_MS = 20_000;

/**
 * Loads a bundle once, in a process of its own, and sees that it exports the function's own handler and, in a file apart, a
 * customer's handler. Throws a ConfigError that names the customer's file if that is at fault.
 */
export function checkBundle(directory: string, customerHandler: string | undefined): void {
  if (customerHandler !== undefined) {
    checkFile(join(directory, CUSTOMER_FILE), (fault) => {
      throw new ConfigError([`${shownPath(customerHandler)}: ${fault}`]);
    });
  }
  checkFile(join(directory, 'index.js'), (fault) => {
    throw new Error(`the bundle ${directory} cannot be used: ${fault}`);
  });
}

/** Loads a file unless the same content has been loaded before. */
function checkFile(file: string, refuse: (fault: string) => never): void {
  const mark = join(CHECKED, sha256(readFileSync(file)));
  if (existsSync(mark)) return;
  const { fault } = load(file);
  if (fault !== undefined) refuse(fault);
  mkdirSync(CHECKED, { recursive: true });
  writeFileSync(mark, '');
}

/** The outcome of loading a module. */
type Loaded = { readonly error: string } | { readonly handler: string; readonly exports: readonly string[] };

/** Writes what came of the import to a channel of its own, so that nothing a module prints is taken for it. */
const SCRIPT = `
  import { writeSync } from 'node:fs';
  const say = (loaded) => { writeSync(3, JSON.stringify(loaded)); process.exit(0); };
  try {
    const module = await import(process.argv[1]);
    const { handler = module.default?.handler } = module;
    say({ handler: typeof handler, exports: Object.keys(module) });
  } catch (error) {
    say({ error: error instanceof Error ? error.name + ': ' + error.message : String(error) });
  }`;

function load(file: string): { readonly fault?: string } {
  const home = mkdtempSync(join(tmpdir(), 'hookgate-load-'));
  try {
    const args = ['--input-type=module', '--eval', SCRIPT, pathToFileURL(file).href];
    const { output, error } = spawnSync(process.execPath, args, {
      ...{ cwd: home, env: environment(home), stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
      ...{ timeout: LOAD_MS, killSignal: 'SIGKILL' },
    });
    const said = output[3]?.toString() ?? '';
    if (said !== '') return faultOf(JSON.parse(said) as Loaded);
    const isLate = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT';
    return {
      fault: isLate
        ? `it is not loaded after ${LOAD_MS / 1000} s. The code that runs when it is imported must come to an end`
        : 'it ends the process, or never finishes, while it is imported. Do nothing there but prepare the handler',
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function faultOf(loaded: Loaded): { readonly fault?: string } {
  if ('error' in loaded) return { fault: `it throws while it is imported: ${loaded.error}` };
  if (loaded.handler === 'function') return {};
  const has =
    loaded.handler === 'undefined'
      ? `it exports ${loaded.exports.length > 0 ? `only ${loaded.exports.join(', ')}` : 'nothing'}`
      : `its export "handler" is not a function but of type ${loaded.handler}`;
  return { fault: `${has}. Export the handler: export const handler = async (event) => { … }` };
}

/**
 * The variables of a function, with values that each reads: nothing of this process's own environment but the path, and so no
 * secret of it, reaches the customer's code.
 */
function environment(home: string): Record<string, string> {
  const values: Partial<Record<keyof typeof ENV, string>> = {
    // The provider that every function can serve: it lists missed events and can be told a secret.
    provider: [...providers.values()].find(({ missedEvents, rotation }) => missedEvents && rotation)?.name ?? '',
    options: '{}',
  };
  const names = Object.entries(ENV).map(([name, variable]) => [variable, values[name as keyof typeof ENV] ?? '60']);
  return {
    ...(Object.fromEntries(names) as Record<string, string>),
    ...{ PATH: process.env.PATH ?? '', HOME: home, TZ: ':UTC', AWS_REGION: 'us-east-1' },
  };
}
