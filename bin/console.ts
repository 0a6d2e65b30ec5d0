import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { consoleApi } from '../cli/console/api.ts';
import { consoleAssets } from '../cli/console/build.ts';
import { consolePort, serveConsole } from '../cli/console/server.ts';
import { runCommand } from '../cli/operator-error.ts';
import type { GatewayOptions } from '../cli/ops/gateway.ts';
import { loadConfig } from '../lib/load-config.ts';

interface Options extends GatewayOptions {
  readonly allowChanges?: boolean;
}

const context = { env: process.env, loadConfig, clock: () => Date.now(), newId: () => randomUUID() };

const command = new Command('console')
  .description('Serves the console of a gateway to the browsers of this machine, with your own credentials.')
  .option('--allow-changes', 'run operations that change something too; default: those that only read')
  .option('--stage <stage>', 'the stage of the gateway; default: the stage in hookgate.config.ts')
  .option('--region <region>', 'the AWS region; default: the region of your AWS configuration')
  .option('--local', 'the local gateway, on the port in PORT, or else on 4000')
  .action(({ allowChanges = false, ...options }: Options) =>
    runCommand(async () => {
      loadConfig();
      const api = consoleApi({ ...options, allowChanges }, context);
      const served = await serveConsole({ api, assets: consoleAssets(), port: consolePort(process.env) });
      console.log(`Open in a browser of this machine: ${served.address}`);
      console.log(allowChanges ? 'It runs changes too. Ctrl-C ends it.' : 'It only reads. Ctrl-C ends it.');
      return true;
    }),
  );

await command.parseAsync();
