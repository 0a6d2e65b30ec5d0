import { Command, InvalidArgumentError } from 'commander';
import { makeApp } from '../lib/app.ts';
import { loadConfig } from '../lib/load-config.ts';
import { AS_OF, REGION } from '../cli/cost/prices.ts';
import { costReport } from '../cli/cost/report.ts';
import { together } from '../cli/cost/resources.ts';
import type { CostedTemplate } from '../cli/cost/resources.ts';
import { runCommand } from '../cli/operator-error.ts';

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('It must be a number.');
  return value;
}

interface Options {
  readonly events: number;
  readonly kb: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly batch: number;
}

const command = new Command('cost')
  .description(`What events cost, and this configuration without any: list prices of ${REGION}, ${AS_OF}.`)
  .option('--events <n>', 'new events', number, 1_000_000)
  .option('--kb <n>', 'KB of a body', number, 5)
  .option('--duplicates <n>', 'deliveries that repeat an event, for each new one', number, 0.05)
  .option('--rejected <n>', 'deliveries that are refused, for each new event', number, 0.01)
  .option('--batch <n>', 'events that a processor gets at a time, 1 to 10', number, 1)
  .action((options: Options) =>
    runCommand(() => {
      const config = loadConfig();
      const { stacks } = makeApp(config, { validate: false }).synth();
      const days = { archive: config.archive.retentionDays, logs: config.retention.logDays };
      console.log(costReport(together(stacks.map(({ template }) => template as CostedTemplate)), options, days));
      return Promise.resolve(true);
    }),
  );

await command.parseAsync();
