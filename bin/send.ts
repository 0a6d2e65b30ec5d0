import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../lib/load-config.ts';
import { runCommand } from '../cli/operator-error.ts';
import { send } from '../cli/send/send.ts';
import type { SendOptions } from '../cli/send/send.ts';
import { sourceNamed } from '../cli/sources.ts';

/** A whole number from 1 to 10,000. */
function count(text: string): number {
  if (!/^[1-9]\d{0,3}$|^10000$/.test(text))
    throw new InvalidArgumentError('It must be a whole number from 1 to 10000.');
  return Number(text);
}

const command = new Command('send')
  .description('Signs a delivery as the provider of a source would, and sends it to the gateway.')
  .argument('<source>', 'a source of hookgate.config.ts')
  .option('--type <type>', 'event type of the sample')
  .option('--file <path>', 'send these exact bytes instead of a sample')
  .option(
    '--url <url>',
    "send there instead of to the local gateway; needs HOOKGATE_SECRET_<SOURCE>, the source's secret",
  )
  .option('--repeat <n>', 'send the same delivery n times, up to 50 at once', count, 1)
  .option('--forge', 'sign with another secret')
  .option('--stale', 'sign with the time of an hour ago')
  .action((name: string, options: SendOptions) =>
    runCommand(() => send(sourceNamed(name, loadConfig().sources), options, process.env, (line) => console.log(line))),
  );

await command.parseAsync();
