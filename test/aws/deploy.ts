import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

/** A CDK app, and the CLI to deploy it with. */
export interface CdkApp {
  /** The directory that the app is run in. */
  readonly cwd: string;
  /** The path of the CDK CLI. */
  readonly cli: string;
  /** The command that the CLI runs. */
  readonly command: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** How many stacks are deployed at a time; default: one. */
  readonly concurrency?: number;
}

const run = promisify(execFile);

/** Bootstraps the account and deploys the stacks with the real CDK CLI, as the README has it. */
export const deploy = ({ fakeProviders, ...options }: DeployOptions): Promise<Deployed> =>
  deployApp({
    ...options,
    cwd: REPOSITORY,
    cli: join(REPOSITORY, 'node_modules/aws-cdk/bin/cdk'),
    command: `"${process.execPath}" test/aws/app.ts`,
    environment: { HOOKGATE_FAKE_PROVIDERS: fakeProviders },
  });

/** Bootstraps the account and deploys all stacks of an app. */
export async function deployApp(options: Omit<DeployOptions, 'fakeProviders'> & CdkApp): Promise<Deployed> {
  const { moto, directory, cwd, cli, command, environment, concurrency = 1 } = options;
  const assembly = join(directory, 'cdk.out');
  const home = join(directory, 'cdk-home');
  await mkdir(home);
  const cdk = async (...args: string[]): Promise<void> => {
    const env = { PATH: process.env.PATH, HOME: home, ...moto.environment, ...environment };
    await run(process.execPath, [cli, ...args, '--output', assembly], { cwd, env }).catch((error: unknown) => {
      throw new Error(`cdk ${args[0] ?? ''} failed: ${moto.complaint()}`, { cause: error });
    });
  };
  const outputs = join(directory, 'outputs.json');
  await cdk('bootstrap', `aws://${ACCOUNT}/${REGION}`);
  // moto knows no change sets.
  const plainly = ['--method=direct', '--require-approval=never', `--concurrency=${concurrency}`];
  await cdk('deploy', '--all', '--app', command, ...plainly, '--outputs-file', outputs);
  const stacks = stacksOf(assembly);
  return {
    template: mergeTemplates(stacks.map(({ file }) => Template.parse(readJson(join(assembly, file))))),
    stacks: stacks.map(({ name }) => name),
    outputs: Object.assign({}, ...Object.values(readJson(outputs) as Record<string, object>)) as Deployed['outputs'],
    codeDirectory: (s3Key) => join(assembly, `asset.${s3Key.replace('.zip', '')}`),
  };
}

/** The stacks of an assembly: the name of each, and the file of its template. */
function stacksOf(assembly: string): { readonly name: string; readonly file: string }[] {
  const { artifacts } = readJson(join(assembly, 'manifest.json')) as {
    readonly artifacts: Readonly<Record<string, { readonly type: string; readonly properties?: StackProperties }>>;
  };
  return Object.entries(artifacts).flatMap(([id, { type, properties }]) =>
    type === 'aws:cloudformation:stack' && properties
      ? [{ name: properties.stackName ?? id, file: properties.templateFile }]
      : [],
  );
}

interface StackProperties {
  readonly stackName?: string;
  readonly templateFile: string;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
