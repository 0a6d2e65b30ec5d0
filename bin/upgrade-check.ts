import { Command } from 'commander';
import process from 'node:process';
import { runCommand } from '../cli/operator-error.ts';
import { assemblyIn } from '../cli/upgrade-check/assembly.ts';
import { mustStop, upgradeText } from '../cli/upgrade-check/report.ts';
import { compareUpgrade } from '../cli/upgrade-check/upgrade.ts';
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
const defaultRegion = CDK_DEFAULT_REGION ?? AWS_REGION ?? AWS_DEFAULT_REGION;

const command = new Command('upgrade-check')
  .description('Names what a deployment of this version and configuration would replace or remove.')
  .option('--template <path>', 'compare with this template, or directory of them, and not with what is deployed')
  .option('--assembly <directory>', 'what your own CDK app has synthesized: its cdk.out; default: this configuration')
  .option('--stack <name>', "the name of the gateway's stack, if your own CDK app has another name for it")
  .option('--region <region>', 'the AWS region; default: that of your CDK app, or of your AWS configuration')
  .option('--json', 'as JSON')
  .action(({ template, assembly, stack, region, json }: Options) =>
    runCommand(async () => {
      const config = loadConfig();
      const { report, place } = await compareUpgrade({
        assembly:
          assembly === undefined
            ? makeApp(config, { validate: false, region: region ?? defaultRegion }).synth()
            : assemblyIn(assembly),
        gateway: stack ?? stackName(config),
        ...{ template, region, defaultRegion },
      });
      console.log(json === true ? JSON.stringify(report, null, 2) : upgradeText(report, place));
      return !mustStop(report);
    }),
  );

await command.parseAsync();
