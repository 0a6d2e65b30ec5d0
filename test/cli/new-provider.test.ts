import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { configLine, newProvider } from '../../cli/new-provider.ts';
import { SCRIPTS } from '../../cli/init/scripts.ts';
import { ownFiles } from '../../cli/own-files.ts';
import { REPOSITORY } from '../../lib/config/config.ts';
import { loadOwnProvider } from '../../lib/config/own-providers.ts';
import { temporaryDirectory } from '../local/temporary.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());
const folder = join(directory.path, 'providers');
const NONE = { own: new Map(), flaws: new Map() };

describe('a new provider', () => {
  it('is made of the template, outside of the repository too, and can be used at once', async () => {
    const files = await newProvider({ name: 'acme-health', title: 'Acme & Sons', directory: folder });
    expect(files).toEqual(
      ['acme-health.ts', 'acme-health/created.body', 'acme-health/created.json', 'acme-health/README.md'].map((file) =>
        join(folder, file),
      ),
    );
    const [file = '', , , page = ''] = files;
    expect(await loadOwnProvider(file)).toMatchObject({ provider: { name: 'acme-health', title: 'Acme & Sons' } });
    expect(readFileSync(page, 'utf8')).toContain('`x-acme-health-signature`');
    for (const path of [file, page]) expect(readFileSync(path, 'utf8')).not.toMatch(/\b(acme(?!-health)|Acme(?! &))\b/);
    expect(configLine('acme-health', file, directory.path)).toBe(
      "'acme-health': { provider: './providers/acme-health.ts' },",
    );
  });

  it('has its checks beside it as a test, in a repository that has Hookgate as a package', async () => {
    // The package as the folder has it installed.
    for (const name of ['index', 'schemes', 'testing']) {
      const path = `node_modules/hookgate/${name}.js`;
      mkdirSync(join(directory.path, 'node_modules/hookgate'), { recursive: true });
      directory.write(path, `export * from ${JSON.stringify(join(REPOSITORY, `package/${name}.ts`))};\n`);
    }
    const exports = { '.': './index.js', './schemes': './schemes.js', './testing': './testing.js' };
    directory.write(
      'node_modules/hookgate/package.json',
      JSON.stringify({ name: 'hookgate', type: 'module', exports }),
    );
    const files = await newProvider({ name: 'zeta', directory: folder, ofPackage: true });
    const test = files.find((file) => file.endsWith('/zeta.test.ts')) ?? '';
    const text = readFileSync(test, 'utf8');
    expect(text).toContain("from 'hookgate/testing'");
    expect(text).toContain("from './zeta.ts'");
    expect(text).toContain("join(import.meta.dirname, 'zeta')");
    expect(SCRIPTS.test).toContain('providers');
    expect(readFileSync(files[0] ?? '', 'utf8')).not.toContain('test:mine');
  });

  it('writes over nothing, and takes no name that is taken or cannot be one', async () => {
    const make = (name: string) => newProvider({ name, directory: folder });
    await expect(make('acme-health')).rejects.toThrow('is there already; nothing is written.');
    await expect(make('github')).rejects.toThrow('The catalogue has github already');
    for (const name of ['', 'Acme', 'acme_health', '-acme', 'a'.repeat(33), '../acme'])
      await expect(make(name)).rejects.toThrow('cannot be the name of a provider');
    expect(existsSync(join(folder, 'github.ts'))).toBe(false);
  });

  it('is found beside the configuration, with what is wrong with others there', async () => {
    directory.write('providers/broken.ts', 'export default 1;\n');
    const { own, problems } = await ownFiles([], directory.path, NONE);
    expect(own.map(({ provider }) => provider.name)).toEqual(['acme-health', 'zeta']);
    expect(problems).toEqual([
      expect.stringMatching(/broken\.ts has a default export that defineProvider .* has not made/),
    ]);
  });
});
