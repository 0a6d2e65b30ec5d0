import { join, relative } from 'node:path';
import { Command } from 'commander';
import { configLine, newProvider } from '../cli/new-provider.ts';
import { runCommand } from '../cli/operator-error.ts';
import { configDirectory } from '../lib/load-config.ts';
import { IS_COMPILED } from '../lib/places.ts';

interface Options {
  readonly title?: string;
  readonly here?: boolean;
}

/** Where the person is who has called npm: npm itself runs a script in the package's root. */
const whereCalled = process.env.INIT_CWD ?? process.cwd();

const command = new Command('new-provider')
  .description('Makes the files of a provider of your own, with marks for what to fill in: docs/adding-a-provider.md.')
  .argument('<name>', 'lower-case letters, digits and hyphens: acme')
  .option('--title <title>', 'the name as the vendor writes it')
  .option('--here', 'in the current folder, and not beside the configuration file')
  .action((name: string, { title, here = false }: Options) =>
    runCommand(async () => {
      const directory = join(here ? whereCalled : configDirectory, 'providers');
      const files = await newProvider({ name, title, directory });
      const [file = ''] = files;
      for (const path of files) console.log(`made ${relative(whereCalled, path)}`);
      const says = IS_COMPILED ? 'npm test' : `npm run test:mine -- ${relative(process.cwd(), file)}`;
      console.log(`Fill in the lines that are marked FILL IN; "${says}" says what is missing.`);
      console.log(`Then name it in the configuration: ${configLine(name, file, configDirectory)}`);
      return true;
    }),
  );

await command.parseAsync();
