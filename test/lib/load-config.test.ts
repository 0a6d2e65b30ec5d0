import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from '../../lib/config/config.ts';
import { temporaryDirectory } from '../local/temporary.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());

const MODULE = new URL('../../lib/load-config.ts', import.meta.url).href;
const SCRIPT = `
  const { loadConfig } = await import(${JSON.stringify(MODULE)});
  try {
    const { sources } = loadConfig();
    process.stdout.write(JSON.stringify(sources.map(({ name, handler }) => ({ name, handler }))));
  } catch (error) {
    process.stdout.write(error.name + ': ' + error.message);
  }`;

/** The result of loading in a process of the given environment: its sources, or the error. */
function loadedWith(file: string | undefined, cwd = REPOSITORY): string {
  const env = { ...process.env, HOOKGATE_CONFIG: file };
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', SCRIPT], { cwd, env });
  expect(stderr.toString()).toBe('');
  return stdout.toString();
}

const write = (name: string, code: string): string => {
  directory.write(name, code);
  return join(directory.path, name);
};

describe('the configuration of a command', () => {
  it('is the file that HOOKGATE_CONFIG names, and handlers are relative to it', () => {
    directory.write('mine.ts', `export const handler = () => Promise.resolve();\n`);
    const sources = { own: { provider: 'nabla', handler: './mine.ts' } };
    const file = write('own.ts', `export default ${JSON.stringify({ sources })} as const;\n`);
    const expected = JSON.stringify([{ name: 'own', handler: join(directory.path, 'mine.ts') }]);
    expect(loadedWith(file)).toBe(expected);
    expect(loadedWith('own.ts', directory.path)).toBe(expected);
  });

  it('is hookgate.config.ts otherwise', () => {
    const own = loadedWith(join(REPOSITORY, 'hookgate.config.ts'));
    expect([loadedWith(undefined), loadedWith('')]).toEqual([own, own]);
  });

  it.each([
    ['missing.ts', undefined, /^ {2}it does not exist: correct the path in HOOKGATE_CONFIG/],
    ['no-default.ts', 'export const settings = {};\n', /it has no default export/],
    ['broken.ts', '\nexport default {;\n', /^ {2}line 2: \S/],
    ['throws.ts', '\n\nthrow new Error("no");\n', /^ {2}line 3: no$/],
    ['imports.ts', `import './broken.ts';\n`, /^ {2}.*broken\.ts:2: \S/],
    ['wrong.ts', `export default { sources: { it: { provider: 'nobody' } } };\n`, /sources\.it\.provider/],
  ])('is named in what is wrong with it: %s', (name, code, problem) => {
    const file = code === undefined ? join(directory.path, name) : write(name, code);
    const [first, ...problems] = loadedWith(file).split('\n');
    expect(first).toMatch(new RegExp(`^ConfigError: .*${name} cannot be used:$`));
    expect(problems.join('\n')).toMatch(problem);
  });

  it.each(['process.exit(0);', 'export default {}; await new Promise(() => undefined);'])(
    'is named if it ends the process that reads it: %s',
    (code) => {
      const env = { ...process.env, HOOKGATE_CONFIG: write('ends.ts', code) };
      const run = spawnSync(process.execPath, ['--input-type=module', '--eval', SCRIPT], { cwd: REPOSITORY, env });
      expect(run.stderr.toString()).toMatch(/ends\.ts cannot be used:\n {2}it ends the process/);
      expect(run.status).not.toBe(0);
    },
  );
});
