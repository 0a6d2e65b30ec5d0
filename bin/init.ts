import process from 'node:process';
import { Command } from 'commander';
import { initRepository } from '../cli/init/init.ts';
import { runCommand } from '../cli/operator-error.ts';
import { ask } from '../cli/ops/ask.ts';

interface Options {
  readonly provider?: string;
  readonly email?: string;
}

const DEFAULT_PROVIDER = 'stripe';

/** The answers of a person at a terminal; in a pipe nobody is asked. */
async function answer(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const said = (await ask(question, process.stdin, process.stderr)).trim();
  return said === '' ? undefined : said;
}

const command = new Command('init')
  .description('Writes a small repository into this folder: configuration, a handler and its test, a pipeline.')
  .option('--provider <name>', `the provider of the first source; default: ${DEFAULT_PROVIDER}`)
  .option('--email <address>', 'the address for critical alarms; default: none yet')
  .action((options: Options) =>
    runCommand(async () => {
      const provider =
        options.provider ?? (await answer(`Provider of the first source [${DEFAULT_PROVIDER}]: `)) ?? DEFAULT_PROVIDER;
      const email = options.email ?? (await answer('E-mail address for critical alarms [none yet]: '));
      for (const path of initRepository({ directory: process.cwd(), provider, email })) console.log(`made ${path}`);
      console.log(`Next: npm test, then npm start, and in another terminal npm run send -- ${provider}`);
      return true;
    }),
  );

await command.parseAsync();
