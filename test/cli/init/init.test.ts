import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { initRepository } from '../../../cli/init/init.ts';
import { SCRIPTS } from '../../../cli/init/scripts.ts';
import { OperatorError } from '../../../cli/operator-error.ts';
import { providers } from '../../../lambdas/providers/index.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hookgate-init-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const read = (path: string): string => readFileSync(join(directory, path), 'utf8');
const init = (provider = 'stripe', email?: string): string[] => initRepository({ directory, provider, email });

describe('hookgate init', () => {
  it('writes files that import the package, and a package.json with the scripts', () => {
    const files = init('github', 'ops@example.com');
    for (const file of files) expect(read(file)).not.toMatch(/package\/\w+\.ts|stripe/);
    expect(read('hookgate.config.ts')).toContain(`critical: ['ops@example.com']`);
    expect(read('hookgate.config.ts')).toContain(`github: { provider: 'github', handler: './handlers/github.ts' }`);
    expect(read('handlers/github.test.ts')).toContain(`from 'hookgate/testing'`);
    expect(JSON.parse(read('package.json'))).toMatchObject({ type: 'module', scripts: SCRIPTS });
  });

  it('quotes a name that is not a word', () => {
    init('standard-webhooks');
    expect(read('hookgate.config.ts')).toContain(`'standard-webhooks': { provider: 'standard-webhooks'`);
  });

  it('keeps what somebody has written into package.json', () => {
    const scripts = { test: 'echo "Error: no test specified" && exit 1', start: 'node mine.js' };
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'mine', type: 'commonjs', scripts }));
    writeFileSync(join(directory, 'README.md'), 'mine');
    init();
    const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(manifest).toMatchObject({
      name: 'mine',
      type: 'module',
      scripts: { start: 'node mine.js', test: SCRIPTS.test },
    });
    expect(read('README.md')).toBe('mine');
  });

  it.each(['hookgate.config.ts', 'cdk.json', 'tsconfig.json'])('writes nothing if there is a %s', (name) => {
    writeFileSync(join(directory, name), 'mine');
    expect(() => init()).toThrow(`${name}: there already, and nothing is written`);
    expect(readdirSync(directory)).toEqual([name]);
  });

  it('does not make ES modules of code that is there', () => {
    writeFileSync(join(directory, 'package.json'), '{ "type": "commonjs" }');
    writeFileSync(join(directory, 'index.js'), '');
    expect(() => init()).toThrow('"type": "commonjs"');
    expect(readdirSync(directory).sort()).toEqual(['index.js', 'package.json']);
  });

  it.each([
    ['{ "name": "mine" }', 'index.js'],
    ['{ "type": "commonjs" }', 'src/index.ts'],
  ])('does not make ES modules of code that is there (%s, %s)', (manifest, file) => {
    writeFileSync(join(directory, 'package.json'), manifest);
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), "const { join } = require('node:path');");
    expect(() => init()).toThrow(OperatorError);
    expect(read('package.json')).toBe(manifest);
    writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
    expect(init()).toContain('package.json');
  });

  it('says so if package.json cannot be read', () => {
    writeFileSync(join(directory, 'package.json'), '{ "name": ');
    expect(() => init()).toThrow(OperatorError);
    expect(() => init()).toThrow('package.json cannot be read');
    expect(readdirSync(directory)).toEqual(['package.json']);
  });

  it('refuses a provider that the catalogue has not', () => {
    expect(() => init('nobody')).toThrow('The catalogue has no provider "nobody"');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('refuses an address that is none', () => {
    expect(() => init('stripe', "a'b")).toThrow('is not an e-mail address');
  });

  it('writes a configuration for every provider that needs no more than its name', () => {
    const made = [...providers.keys()].filter((name) => {
      try {
        initRepository({ directory: mkdtempSync(join(directory, 'one-')), provider: name });
        return true;
      } catch (error) {
        expect(String(error)).toMatch(/OperatorError: A source of .* needs more than its name \(sources\./);
        return false;
      }
    });
    expect(made.length).toBeGreaterThan(30);
  });
});
