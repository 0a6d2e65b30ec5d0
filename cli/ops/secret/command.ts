import { Command } from 'commander';
import type { Action } from '../command.ts';
import { promoteSecret } from './promote.ts';
import { revokePrevious } from './revoke-previous.ts';
import { setSecret } from './set.ts';
import { stageSecret } from './stage.ts';
import { secretStatus } from './status.ts';

/** `ops secret …`: rotates the signing secrets with no delivery refused. */
export function secretCommand(action: Action): Command {
  const secret = new Command('secret').description('The signing secrets of the sources (docs/secrets.md).');
  const of = (name: string, summary: string): Command =>
    secret.command(name).description(summary).argument('<source>', 'a source of hookgate.config.ts');

  secret
    .command('status')
    .description('What is stored, how old it is, and when each version last matched a delivery.')
    .argument('[source]', 'one source; default: all of them')
    .action(action(secretStatus));
  of('set', 'Stores the first secret of a source, from standard input.').action(action(setSecret));
  of('stage', 'Stores a new secret, from standard input, beside the current one: accepted at once.')
    .option('--replace', 'give up a pending secret that is there already')
    .action(action(stageSecret));
  of('promote', 'Makes the pending secret the current one.').action(action(promoteSecret));
  of('revoke-previous', 'Ends the previous secret at once: for a compromised key.').action(action(revokePrevious));
  return secret;
}
