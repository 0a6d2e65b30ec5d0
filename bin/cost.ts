import { Command, InvalidArgumentError } from 'commander';
import { makeApp } from '../lib/app.ts';
import { loadConfig } from '../lib/load-config.ts';
import { AS_OF, REGION } from '../cli/cost/prices.ts';
import { costReport } from '../cli/cost/report.ts';
import { costRows } from '../cli/cost/rows.ts';
import { daysKept } from '../cli/cost/events.ts';
import { trafficOf } from '../cli/cost/traffic.ts';
import type { CostedTemplate } from '../cli/cost/costed-template.ts';
import { runCommand } from '../cli/operator-error.ts';

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('It must be a number.');
  return value;
}

/** The events that Lambda hands over at a time. */
function batch(text: string): number {
  const value = number(text);
  if (value < 1 || value > 10) throw new InvalidArgumentError('It must be a number from 1 to 10.');
  return value;
}

interface Options {
  readonly events: number;
  readonly kb: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly batch?: number;
  readonly targets?: number;
  readonly json?: boolean;
}

const command = new Command('cost')
  .description(`The cost of events, and of this configuration without any: list prices of ${REGION}, ${AS_OF}.`)
  .option('--events <n>', 'new events', number, 1_000_000)
  .option('--kb <n>', 'KB of a body', number, 5)
  .option('--duplicates <n>', 'deliveries that repeat an event, for each new one', number, 0.05)
  .option('--rejected <n>', 'deliveries that are refused, for each new event', number, 0.01)
  .option(
    '--batch <n>',
    'events that a processor gets at a time, 1 to 10; default: as many as wait together at 0.4 a second',
    batch,
  )
  .option(
    '--targets <n>',
    'targets to which each event is handed over; default: as many as a source of the configuration has on average',
    number,
  )
  .option('--json', 'the four rows as JSON, in dollars')
  .action((options: Options) =>
    runCommand(() => {
      const config = loadConfig();
      const { stacks } = makeApp(config, { validate: false }).synth();
      const templates = stacks.map(({ template }) => template as CostedTemplate);
      const { json = false, ...given } = options;
      const traffic = { ...trafficOf(config), ...given };
      const days = daysKept(config);
      if (json) console.log(JSON.stringify(costRows(templates, { ...traffic, days }), null, 2));
      else console.log(costReport(templates, traffic, days));
      return Promise.resolve(true);
    }),
  );

await command.parseAsync();
