import { Command } from 'commander';
import { loadConfig } from '../lib/load-config.ts';
import { runLocally } from '../local/run.ts';
import { runCommand } from '../cli/operator-error.ts';

const command = new Command('start')
  .description('Runs the gateway on this machine, with its console, until it is told to stop (Ctrl+C).')
  .allowExcessArguments()
  .addHelpText(
    'after',
    `
Environment variables:
  PORT                            the port to listen on
  HOOKGATE_CONFIG                 the configuration; default: hookgate.config.ts
  HOOKGATE_DATA_DIR               the folder that keeps everything; default: memory
  HOOKGATE_SECRET_<SOURCE>        the signing secret of a source
  HOOKGATE_CREDENTIALS_<SOURCE>   what a source calls its provider's API with
  HOOKGATE_FAKE_PROVIDERS=1       starts stand-ins for the providers' APIs too`,
  )
  .action(() => runCommand(() => runLocally(loadConfig, process.env)));

await command.parseAsync();
