import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '../../lib/config/config.ts';
import { mergeTemplates } from '../../local/template/merge.ts';
import { Template } from '../../local/template/template.ts';
import { ACCOUNT, REGION } from './moto.ts';
import type { Moto } from './moto.ts';

/** The deployment by the CDK CLI: the gateway's stacks as one. */
export interface Deployed {
  readonly template: {
    readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;
  };
  /** The names of the stacks. */
  readonly stacks: readonly string[];
  /** The stacks' outputs by name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The directory of a function's code, by the key under which it was uploaded. */
  readonly codeDirectory: (s3Key: string) => string;
}

export interface DeployOptions {
  readonly moto: Moto;
  /** A directory of the test. */
  readonly directory: string;
  /** Where the stand-ins of the providers' APIs are. */
  readonly fakeProviders: string;
}

const run = promisify(execFile);
const CDK = join(REPOSITORY, 'node_modules/aws-cdk/bin/cdk');

/** Bootstraps the account and deploys the stacks with the real CDK CLI, as the README has it. */
export async function deploy({ moto, directory, fakeProviders }: DeployOptions): Promise<Deployed> {
  const assembly = join(directory, 'cdk.out');
  const home = join(directory, 'cdk-home');
  await mkdir(home);
  const cdk = async (...args: string[]): Promise<void> => {
    const env = { PATH: process.env.PATH, HOME: home, ...moto.environment, HOOKGATE_FAKE_PROVIDERS: fakeProviders };
    await run(process.execPath, [CDK, ...args, '--output', assembly], { cwd: REPOSITORY, env }).catch(
      (error: unknown) => {
        throw new Error(`cdk ${args[0] ?? ''} failed: ${moto.complaint()}`, { cause: error });
      },
    );
  };
  const outputs = join(directory, 'outputs.json');
  await cdk('bootstrap', `aws://${ACCOUNT}/${REGION}`);
  const app = `"${process.execPath}" test/aws/app.ts`;
  // moto knows no change sets.
  await cdk('deploy', '--all', '--app', app, '--method=direct', '--require-approval=never', '--outputs-file', outputs);
  const files = readdirSync(assembly).filter((file) => file.endsWith(TEMPLATE));
  return {
    template: mergeTemplates(files.map((file) => Template.parse(readJson(join(assembly, file))))),
    stacks: files.map((file) => file.slice(0, -TEMPLATE.length)),
    outputs: Object.assign({}, ...Object.values(readJson(outputs) as Record<string, object>)) as Deployed['outputs'],
    codeDirectory: (s3Key) => join(assembly, `asset.${s3Key.replace('.zip', '')}`),
  };
}

const TEMPLATE = '.template.json';

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
