import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ENV } from '../lambdas/contract.ts';
import { sha256 } from '../lambdas/core/hash.ts';
import { providers } from '../lambdas/providers/index.ts';
import { ConfigError } from './config/config.ts';
import type { HandlerMeans } from './config/handler.ts';
import { CUSTOMER_FILE } from './customer-handler.ts';
import type { HandlerFile } from './customer-handler.ts';
import { codeFile, MADE, shownPath } from './places.ts';

/** Files of bundles that have been loaded once, by their hash. */
const CHECKED = join(MADE, 'checked');
/** Twice what Lambda gives a function to load: this machine may be busy. */
const LOAD_MS = 20_000;

/** A customer's handler file, with the variables that it is loaded with: its own, and an ARN in that of each secret. */
export interface CheckedHandler extends HandlerFile {
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Loads a bundle once, in a process of its own, and sees that it exports the function's own handler and, in a file apart, a
 * customer's handler. Throws a ConfigError that names the customer's file if that is at fault.
 */
export function checkBundle(directory: string, customer: CheckedHandler | undefined): void {
  if (customer !== undefined) {
    checkFile(join(directory, CUSTOMER_FILE), customer.variables, (fault) => {
      throw new ConfigError([`${shownPath(customer.path)}: ${fault}`], customer.configFile);
    });
  }
  checkFile(join(directory, 'index.js'), {}, (fault) => {
    throw new Error(`the bundle ${directory} cannot be used: ${fault}`);
  });
}

/** The variables of a handler in the check: its own, and for each secret an ARN; a secret given by name has a made-up one. */
export const checkedVariables = ({ environment, secrets }: Pick<HandlerMeans, 'environment' | 'secrets'>) => ({
  ...environment,
  ...Object.fromEntries(
    Object.entries(secrets).map(([name, id]) => [
      name,
      id.startsWith('arn:') ? id : `arn:aws:secretsmanager:${REGION}:123456789012:secret:${id}-AbCdEf`,
    ]),
  ),
});

const REGION = 'us-east-1';

/** Loads a file unless the same content has been loaded before, with the same variables. */
function checkFile(file: string, variables: CheckedHandler['variables'], refuse: (fault: string) => never): void {
  // Also by how it is loaded: another version of Hookgate may look for more.
  const of = [sha256(readFileSync(file)), SCRIPT, readFileSync(SHAPE, 'utf8'), JSON.stringify(variables)];
  const mark = join(CHECKED, sha256(Buffer.from(of.join('\n'))));
  if (existsSync(mark)) return;
  const { fault } = load(file, variables);
  if (fault !== undefined) refuse(fault);
  mkdirSync(CHECKED, { recursive: true });
  writeFileSync(mark, '');
}

/** The outcome of loading a module. */
type Loaded =
  { readonly error: string } | { readonly type: string; readonly flaw?: string; readonly exports: readonly string[] };

/** The code that says whether an export can be a handler: the same that the process asks in which the handler runs. */
const SHAPE = codeFile('lambdas/processor/handler-shape.ts');

/**
 * Writes what came of the import to a channel of its own, behind a mark, so that nothing a module writes is taken for it. A promise
 * that the module rejected and did not wait for counts as thrown: it would end the process in which the handler runs.
 */
const SCRIPT = `
  import { writeSync } from 'node:fs';
  const say = (loaded) => { writeSync(3, process.argv[3] + JSON.stringify(loaded)); process.exit(0); };
  const fail = (error) => say({ error: error instanceof Error ? error.name + ': ' + error.message : String(error) });
  process.on('uncaughtException', fail);
  try {
    const { handlerFlaw } = await import(process.argv[2]);
    const module = await import(process.argv[1]);
    const { handler = module.default?.handler } = module;
    await new Promise(setImmediate);
    say({ type: typeof handler, flaw: handlerFlaw(handler), exports: Object.keys(module) });
  } catch (error) {
    fail(error);
  }`;

function load(file: string, variables: CheckedHandler['variables']): { readonly fault?: string } {
  const home = mkdtempSync(join(tmpdir(), 'hookgate-load-'));
  try {
    const mark = randomUUID();
    const args = ['--input-type=module', '--eval', SCRIPT, pathToFileURL(file).href, pathToFileURL(SHAPE).href, mark];
    const { output, error } = spawnSync(process.execPath, args, {
      ...{ cwd: home, env: { ...variables, ...environment(home) }, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
      ...{ timeout: LOAD_MS, killSignal: 'SIGKILL' },
    });
    const [, said] = output[3]?.toString().split(mark) ?? [];
    if (said !== undefined) return faultOf(JSON.parse(said) as Loaded);
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
  if (loaded.flaw === undefined) return {};
  // A variable that is exported and set later is there, and nothing yet.
  const has =
    loaded.type === 'undefined' && !loaded.exports.includes('handler')
      ? `it exports ${loaded.exports.length > 0 ? `only ${loaded.exports.join(', ')}` : 'nothing'}`
      : `its export "handler" ${loaded.flaw}`;
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
    ...{ PATH: process.env.PATH ?? '', HOME: home, TZ: ':UTC', AWS_REGION: REGION },
  };
}
