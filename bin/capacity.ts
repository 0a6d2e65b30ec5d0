import { Command } from 'commander';
import { capacityReport } from '../cli/capacity/report.ts';
import { runCommand } from '../cli/operator-error.ts';
import { loadConfig } from '../lib/load-config.ts';

const command = new Command('capacity')
  .description('Which quota of AWS is met first, at some rates of events over one source and over many.')
  .action(() =>
    runCommand(() => {
      console.log(capacityReport(loadConfig()));
      return Promise.resolve(true);
    }),
  );

await command.parseAsync();
