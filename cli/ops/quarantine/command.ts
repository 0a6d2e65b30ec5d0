import { Command } from 'commander';
import type { Action } from '../command.ts';
import { limitOption } from '../message-options.ts';
import { dropEvents } from './drop.ts';
import { listQuarantine } from './list.ts';
import { releaseEvents } from './release.ts';

/** `ops quarantine …`: authentic events that wait for a person's decision. */
export function quarantineCommand(action: Action): Command {
  const quarantine = new Command('quarantine').description('Authentic events that wait for a decision.');
  const deciding = (name: string, summary: string): Command =>
    quarantine
      .command(name)
      .description(summary)
      .argument('<source>', 'a source of hookgate.config.ts')
      .argument('[key]', 'one event key; or else --reason, or --all')
      .option('--reason <reason>', 'all events of the source with this reason')
      .option('--all', 'all events of the source')
      .addOption(limitOption());

  quarantine
    .command('list')
    .description('What waits, and why.')
    .argument('[source]', 'one source; default: all of them')
    .option('--show-bodies', 'show the bodies too: they can be health data')
    .addOption(limitOption())
    .action(action(listQuarantine));
  deciding('release', 'Has events processed.').action(action(releaseEvents));
  deciding('drop', 'Gives events up for good; asks first.')
    .option('--yes', 'do not ask: for a program')
    .action(action(dropEvents));
  return quarantine;
}
