import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { codeFile } from '../lib/places.ts';
import { OperatorError } from './operator-error.ts';

/** The arguments that each command of the CDK gets before the person's own; the names of the sources' stacks have two hyphens. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  synth: ['--quiet', '!(*--*)'],
  deploy: ['--all', '--concurrency', '5'],
};

/**
 * Runs the CDK's own command line in the folder of the configuration: on the app that its cdk.json names, or else on Hookgate's own.
 * Resolves to whether it ended well. Throws an {@link OperatorError} if the CDK's command line is not installed.
 */
export async function runCdk(command: string, args: readonly string[], directory: string): Promise<boolean> {
  const app = existsSync(join(directory, 'cdk.json')) ? [] : ['--app', ownApp()];
  const child = spawn(process.execPath, [cdkFile(directory), command, ...app, ...(ARGUMENTS[command] ?? []), ...args], {
    ...{ cwd: directory, stdio: 'inherit' },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0;
}

/**
 * The command line of Hookgate's own app. It ends with a space: the CDK strips the quotes of an argument that begins and ends with
 * one, and these are the quotes of two words.
 */
export const ownApp = (): string =>
  `${[process.execPath, codeFile('bin/app.ts')].map((word) => JSON.stringify(word)).join(' ')} `;

/** The customer's own command line of the CDK, or else the one that is installed beside Hookgate. */
function cdkFile(directory: string): string {
  for (const from of [join(directory, 'package.json'), import.meta.filename]) {
    try {
      return createRequire(from).resolve('aws-cdk/bin/cdk');
    } catch {
      // Looked for in the next place.
    }
  }
  throw new OperatorError("The CDK's command line is not installed: npm install --save-dev aws-cdk@2");
}
