import { execFile, execFileSync, spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { PACKAGE } from '../../lib/places.ts';

const { HOOKGATE_CONFIG, NODE_OPTIONS, INIT_CWD, ...inherited } = process.env;

/** The environment of a customer's shell: nothing in it names the repository. */
export const env = {
  ...inherited,
  PATH: `${join(process.execPath, '..')}:${inherited.PATH ?? ''}`,
  AWS_REGION: 'us-east-1',
};

const started = performance.now();

export const say = (text: string): void =>
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${text}`);

/** A folder of a customer's, outside of the repository. */
export interface Folder {
  readonly path: string;
  /** Runs a command in the folder, and returns what it prints. Throws an Error if it fails. */
  readonly run: (command: string, ...args: string[]) => string;
  /** Runs a command of the package in the folder. */
  readonly hookgate: (...args: string[]) => SpawnSyncReturns<string>;
  /** The same, with a text on its standard input. */
  readonly tell: (input: string, ...args: string[]) => SpawnSyncReturns<string>;
  /** The same while this process goes on. Resolves to what it prints; rejects if it fails. */
  readonly inBackground: (...args: string[]) => Promise<string>;
}

export const newFolder = (): Folder => folderAt(realpathSync(mkdtempSync(join(tmpdir(), 'hookgate-package-'))));

/** @param variables variables of the shell in that folder, beside those of every shell */
export function folderAt(path: string, variables: Readonly<Record<string, string>> = {}): Folder {
  const options = { cwd: path, env: { ...env, ...variables }, encoding: 'utf8' } as const;
  const command = join(path, 'node_modules/hookgate/dist/bin/hookgate.js');
  const tell: Folder['tell'] = (input, ...args) =>
    spawnSync(process.execPath, [command, ...args], {
      ...{ ...options, input },
    });
  return {
    path,
    run: (command, ...args) => execFileSync(command, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] }),
    hookgate: (...args) => tell('', ...args),
    tell,
    inBackground: async (...args) => {
      const { stdout } = await promisify(execFile)(process.execPath, [command, ...args], options);
      return stdout;
    },
  };
}

/** Checks the types in a folder, and returns what the compiler says: nothing if all is well. */
export function typesIn({ path }: Folder, ...args: string[]): string {
  const compiler = join(PACKAGE, 'node_modules/typescript/bin/tsc');
  const types = ['--typeRoots', join(PACKAGE, 'node_modules/@types')];
  return spawnSync(process.execPath, [compiler, '--pretty', 'false', ...types, ...args], {
    ...{ cwd: path, env, encoding: 'utf8' },
  }).stdout;
}
