import { spawn } from 'node:child_process';
import process from 'node:process';

const FOLDERS = ['bin', 'cli', 'local', 'lib', 'lambdas', 'test', 'examples', 'bench', 'console', 'package'];
const tool = (name: string): string => `node_modules/.bin/${name}`;

/** Rows of checks that run side by side: the linters use all cores by themselves, and the others one each. */
const ROWS: readonly (readonly (readonly [name: string, ...command: string[]])[])[] = [
  [['types and lint', 'test/lint/check.ts']],
  [
    ['format', 'test/lint/format.ts'],
    ['imports', tool('depcruise'), ...FOLDERS],
    ['English', 'test/english/check.ts'],
    ['size of the bundles', 'bench/budget.ts'],
  ],
];

/** Runs a check, and shows what it says when it has ended. Resolves to whether all is well. */
async function check(name: string, command: readonly string[]): Promise<boolean> {
  const started = performance.now();
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => said.push(data));
  const code = await new Promise((resolve) => child.once('close', resolve));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`==> ${name}: ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
  process.stdout.write(Buffer.concat(said));
  return code === 0;
}

const results = await Promise.all(
  ROWS.map(async (row) => {
    let passed = true;
    for (const [name, ...command] of row) passed = (await check(name, command)) && passed;
    return passed;
  }),
);
if (results.includes(false)) process.exitCode = 1;
