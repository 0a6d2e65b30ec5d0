import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../lib/config/config.ts';

/** The option with which this Node cannot run TypeScript, like an older one. */
const OLD = '--no-experimental-strip-types';

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: REPOSITORY, encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('a command', () => {
  it('gets its arguments', () => {
    const { status, stdout } = run('bin/run.js', 'bin/send.ts', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: send [options] <source>');
  });

  it('says in one line that this Node is too old for it, and what to do', () => {
    const line =
      /^Hookgate needs Node 22\.18 or later, and this is v[\d.]+: install one, or run "npm rebuild node"[^\n]*\n$/;
    const refused = { status: 1, stdout: '', stderr: expect.stringMatching(line) };
    expect(run(OLD, 'bin/run.js', 'bin/send.ts', '--help')).toEqual(refused);
    expect(run(OLD, 'bin/require-node.js')).toEqual(refused);
  });
});

describe('package.json', () => {
  const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<string, string>>;
  };
  const { app } = JSON.parse(readFileSync(join(REPOSITORY, 'cdk.json'), 'utf8')) as { app: string };
  const CHECK = 'node bin/require-node.js';

  it.each([...Object.entries(scripts), ['the CDK app', app]])(
    'has no old Node meet TypeScript in %s: %s',
    (name, script) => {
      const isChecked = /^node bin\/run\.js \S+\.ts\b/.test(script) || scripts[`pre${name}`] === CHECK;
      expect(isChecked || script === CHECK || script.startsWith('npm sbom ')).toBe(true);
    },
  );
});
