import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { REPOSITORY } from '../lib/config/config.ts';

/** The entries that a copy goes without: they are linked in, made again, or somebody's own. */
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git', '.hookgate', 'cdk.out', 'coverage', 'dist']);

export interface TestRun {
  readonly passed: boolean;
  /** The report of Jest: empty if nothing failed. */
  readonly report: string;
}

/** A copy of this repository that a test may change as a customer would. */
export class CopyOfRepository {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'hookgate-copy-')));

  constructor() {
    const isCopied = (source: string): boolean => !LEFT_OUT.has(relative(REPOSITORY, source).split(sep)[0] ?? '');
    cpSync(REPOSITORY, this.path, { recursive: true, filter: isCopied });
    symlinkSync(join(REPOSITORY, 'node_modules'), join(this.path, 'node_modules'), 'dir');
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), content);
  }

  delete(file: string): void {
    rmSync(join(this.path, file), { recursive: true });
  }

  /** Runs suites of the copy in one process, by their paths. */
  test(...suites: string[]): TestRun {
    const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--runInBand', '--silent'];
    // The copy's own run sets both again: the number that Jest gives to a worker, and the configuration of the tests.
    const { HOOKGATE_CONFIG, JEST_WORKER_ID, ...env } = process.env;
    const run = spawnSync(process.execPath, [...jest, ...suites], { cwd: this.path, env, encoding: 'utf8' });
    return { passed: run.status === 0, report: run.status === 0 ? '' : run.stderr };
  }

  /** Runs a command of the copy, with the copy's own configuration. */
  run(...args: string[]) {
    const { HOOKGATE_CONFIG, JEST_WORKER_ID, INIT_CWD, ...env } = process.env;
    return spawnSync(process.execPath, ['bin/run.js', ...args], { cwd: this.path, env, encoding: 'utf8' });
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
