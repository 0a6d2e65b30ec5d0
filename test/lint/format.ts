/**
 * A part of `npm run check`: the format of every file, which is Prettier's. oxfmt formats code as Prettier does, in a thirtieth of
 * its time, and a few lines in another way: Prettier judges the code that oxfmt would change, and all that is not code.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';

const CODE = '**/*.{ts,tsx,js,cjs,mjs}';
const CONFIG = `.hookgate/oxfmt-${process.pid}.json`;

function run(tool: string, ...args: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [tool, ...args], { encoding: 'utf8' });
  if (error) throw error;
  return { status, stdout, report: stdout + stderr };
}

/** The code that oxfmt would change; all code if it cannot say so, on a machine that it does not run on. */
function toBeJudged(): readonly string[] {
  const { overrides: _, ...options } = JSON.parse(readFileSync('.prettierrc.json', 'utf8')) as { overrides: unknown };
  mkdirSync('.hookgate', { recursive: true });
  writeFileSync(CONFIG, JSON.stringify(options));
  try {
    const { status, stdout } = run('node_modules/oxfmt/bin/oxfmt', '--config', CONFIG, '--list-different', CODE);
    if (status === 0) return [];
    return status === 1 ? stdout.trim().split('\n') : [CODE];
  } finally {
    rmSync(CONFIG);
  }
}

const judge = (...patterns: readonly string[]): void => {
  const { status, report } = run('node_modules/prettier/bin/prettier.cjs', '--check', ...patterns);
  if (status === 0) return;
  console.log(report);
  process.exitCode = 1;
};

judge('.', `!${CODE}`);
const code = toBeJudged();
if (code.length > 0) judge(...code);
