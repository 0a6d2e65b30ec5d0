import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { OperatorError, runCommand } from '../cli/operator-error.ts';
import { ownFiles } from '../cli/own-files.ts';
import { configDirectory, ownProviders } from '../lib/load-config.ts';
import { PACKAGE } from '../lib/places.ts';

/** The suites that every provider has to pass. */
const SUITES = [
  ...['completeness', 'contract', 'contract-verify', 'fixtures', 'hostile', 'properties'].map(
    (name) => `lambdas/providers/${name}`,
  ),
  'lambdas/core/receive/receive',
].map((name) => `test/${name}.test.ts`);

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

const command = new Command('test:mine')
  .description('Runs the contract suite over your own providers, and says what is missing.')
  .argument(
    '[file...]',
    'files of providers; default: those of the configuration, and of the folder providers beside it',
  )
  .action((files: string[]) =>
    runCommand(async () => {
      const { own, problems } = await ownFiles(files, configDirectory, ownProviders);
      for (const problem of problems) console.error(problem);
      if (own.length === 0 && problems.length === 0)
        throw new OperatorError('There is no provider of your own: make one with "npm run new-provider -- <name>".');
      if (own.length === 0) return false;
      const mine = JSON.stringify(own.map(({ file }) => file.path));
      const { status } = spawnSync(process.execPath, [...JEST, '--noStackTrace', ...SUITES], {
        ...{ cwd: PACKAGE, stdio: 'inherit', env: { ...process.env, HOOKGATE_MINE: mine } },
      });
      return status === 0 && problems.length === 0;
    }),
  );

await command.parseAsync();
