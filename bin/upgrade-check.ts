import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { CloudAssembly as Assembly } from 'aws-cdk-lib/cx-api';
import { Command } from 'commander';
import { statSync } from 'node:fs';
import process from 'node:process';
import { OperatorError, runCommand } from '../cli/operator-error.ts';
import { checkUpgrade } from '../cli/upgrade-check/check.ts';
import type { StackTemplate } from '../cli/upgrade-check/changes.ts';
import { mustStop, upgradeText } from '../cli/upgrade-check/report.ts';
import { deployedTemplates, keptTemplates } from '../cli/upgrade-check/templates.ts';
import type { Templates } from '../cli/upgrade-check/templates.ts';
import { makeApp } from '../lib/app.ts';
import { stackName } from '../lib/config/stack-names.ts';
import { loadConfig } from '../lib/load-config.ts';

interface Options {
  readonly template?: string;
  readonly assembly?: string;
  readonly stack?: string;
  readonly region?: string;
  readonly json?: boolean;
}

const { CDK_DEFAULT_REGION, AWS_REGION, AWS_DEFAULT_REGION } = process.env;

function templatesOf(assembly: Assembly): Templates {
  const templates = assembly.stacksRecursively.map(
    (stack) => [stack.stackName, stack.template as StackTemplate] as const,
  );
  return new Map(templates);
}

function assemblyIn(directory: string): Assembly {
  try {
    return new CloudAssembly(directory);
  } catch {
    throw new OperatorError(`${directory} is not what "cdk synth" writes: name its cdk.out.`);
  }
}

const command = new Command('upgrade-check')
  .description('Names what a deployment of this version and configuration would replace or remove.')
  .option('--template <path>', 'compare with this template, or directory of them, and not with what is deployed')
  .option('--assembly <directory>', 'what your own CDK app has synthesized: its cdk.out; default: this configuration')
  .option('--stack <name>', "the name of the gateway's stack, if your own CDK app has another name for it")
  .option('--region <region>', 'the AWS region; default: the region of your AWS configuration')
  .option('--json', 'as JSON')
  .action(
    ({ template, assembly, stack, region = CDK_DEFAULT_REGION ?? AWS_REGION ?? AWS_DEFAULT_REGION, json }: Options) =>
      runCommand(async () => {
        const config = loadConfig();
        const gateway = stack ?? stackName(config);
        const next = templatesOf(
          assembly === undefined ? makeApp(config, { validate: false, region }).synth() : assemblyIn(assembly),
        );
        const deployed =
          template === undefined
            ? await deployedTemplates(new CloudFormationClient(region === undefined ? {} : { region }), gateway)
            : keptTemplates(template, gateway);
        const isWhole = template === undefined || statSync(template).isDirectory();
        const report = checkUpgrade(deployed, next, isWhole);
        if (report.compared.length === 0)
          throw new OperatorError(
            `No stack of ${[...next.keys()].join(', ')} is among ${[...deployed.keys()].join(', ')}.`,
          );
        console.log(json === true ? JSON.stringify(report, null, 2) : upgradeText(report));
        return !mustStop(report);
      }),
  );

await command.parseAsync();
