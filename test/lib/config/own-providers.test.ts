import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { catalogue } from '../../../cli/providers/catalogue.ts';
import { bundledFiles } from '../../../lib/bundle.ts';
import { ConfigError, REPOSITORY, resolveConfig } from '../../../lib/config/config.ts';
import { loadOwnProviders } from '../../../lib/config/own-providers.ts';
import type { Settings } from '../../../lib/config/settings.ts';
import { configText, parseConfig } from '../../../local/template/config-text.ts';
import { temporaryDirectory } from '../../local/temporary.ts';

const directory = temporaryDirectory();
mkdirSync(join(directory.path, 'providers'));
afterAll(() => directory.remove());

/** The template's provider, its imports as they are outside of the repository. */
const TEMPLATE = readFileSync(join(REPOSITORY, 'examples/new-provider/provider.ts'), 'utf8').replaceAll(
  '../../lambdas/',
  `${relative(realpathSync(join(directory.path, 'providers')), join(REPOSITORY, 'lambdas'))}/`,
);

let files = 0;

/** Writes a provider's file; returns the text that names it in a configuration beside it. */
function write(change: (code: string) => string): string {
  const name = `providers/acme-${++files}.ts`;
  directory.write(name, change(TEMPLATE));
  return `./${name}`;
}

async function resolved(sources: Settings['sources']) {
  const settings = { sources };
  return resolveConfig(settings, { root: directory.path, own: await loadOwnProviders(settings, directory.path) });
}

/** The lines that a configuration with this provider is refused with. */
async function problems(provider: string): Promise<readonly string[]> {
  try {
    await resolved({ acme: { provider } });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('a provider of the customer’s own', () => {
  it('is a source like any other, named by its file', async () => {
    const provider = write((code) => code);
    const { sources } = await resolved({ acme: { provider }, 'acme-eu': { provider }, nabla: { provider: 'nabla' } });
    const path = join(directory.path, provider);
    expect(sources).toMatchObject([
      { name: 'acme', provider: { name: 'acme', title: 'Acme' }, providerFile: { path, exportName: 'default' } },
      { name: 'acme-eu', provider: { name: 'acme' }, windowSeconds: 14 * 86_400 },
      { name: 'nabla', provider: { name: 'nabla' } },
    ]);
  });

  it('goes to the process that synthesizes, and is loaded there from its file', async () => {
    const config = await resolved({ acme: { provider: write((code) => code) } });
    const text = configText(config);
    expect(configText(await parseConfig(text))).toBe(text);
    expect((await parseConfig(text)).sources[0]?.provider.title).toBe('Acme');
  });

  it('is in the bundles of the functions that know a provider, and no provider of the catalogue is', async () => {
    const provider = write((code) => code);
    const [source] = (await resolved({ acme: { provider } })).sources;
    for (const name of ['verifier', 'poller', 'rotator']) {
      const files = bundledFiles(`lambdas/${name}/handler.ts`, source?.providerFile).map((file) =>
        join(REPOSITORY, file),
      );
      expect(files).toContain(join(directory.path, provider));
      expect(files.filter((file) => file.startsWith(join(REPOSITORY, 'lambdas/providers')))).toEqual([]);
    }
  });

  it('is listed beside the catalogue, with its file', async () => {
    const provider = write((code) => code);
    const { own } = await loadOwnProviders({ sources: { acme: { provider } } }, directory.path);
    expect(catalogue([], own)).toMatchObject([{ name: 'acme', file: provider, coverage: 'body' }]);
  });

  const replaced = (text: string | RegExp, by: string) => (code: string) => {
    const changed = code.replace(text, by);
    expect(changed).not.toBe(code);
    return changed;
  };

  it.each<[string, (code: string) => string, RegExp]>([
    ['throws', () => 'throw new TypeError("no such thing");\n', /^cannot be loaded: TypeError: no such thing$/],
    ['is not TypeScript', () => 'export default {;\n', /^cannot be loaded: /],
    ['has no default export', replaced('export default', 'export const acme ='), /^has no default export: write /],
    [
      'exports what defineProvider has not made',
      (code) =>
        replaced('export default defineProvider', 'const made = defineProvider')(code) +
        'export default { ...made };\n',
      /^has a default export that defineProvider of .* has not made/,
    ],
    [
      'is called as one of the catalogue',
      replaced("name: 'acme'", "name: 'github'"),
      /^has the name "github", which is that of/,
    ],
    [
      'has a wrong field',
      replaced('rejectionStatus: 401', "rejectionStatus: '401'"),
      /^has a "rejectionStatus" that is not an HTTP status/,
    ],
    ['lacks a field', replaced("title: 'Acme',", ''), /^has a "title" that is not the name as the provider writes it$/],
    [
      'has a sample that is not an event',
      replaced('JSON.stringify({ id,', 'JSON.stringify({ other: id,'),
      /^has a sample that would be quarantined: no_event_id$/,
    ],
    [
      'has a sample that throws',
      replaced('JSON.stringify({ id,', 'unknownFunction({ id,'),
      /^has a sample that cannot be tried: ReferenceError/,
    ],
  ])('is refused in one line if its file %s', async (_what, change, flaw) => {
    const provider = write(change);
    const [line = '', ...more] = await problems(provider);
    expect(more).toEqual([]);
    const start = `sources.acme.provider: ${provider} `;
    expect(line.slice(0, start.length)).toBe(start);
    expect(line.slice(start.length)).toMatch(flaw);
  });

  it('is refused if its own scheme refuses what it has signed, or takes any secret', async () => {
    const wrap = (change: string) =>
      write((code) =>
        code
          .replace('  scheme: hmac({', '  scheme: changed(hmac({')
          .replace(
            "signed: ['timestamp', { text: '.' }, 'body'],\n  }),",
            "signed: ['timestamp', { text: '.' }, 'body'],\n  })),",
          )
          .concat(`function changed(scheme: any) { return { ...scheme, ${change} }; }\n`),
      );
    const refused = wrap('sign: (input: any) => scheme.sign({ ...input, body: Buffer.from("another") })');
    expect(await problems(refused)).toEqual([
      `sources.acme.provider: ${refused} has a sample that its own scheme signs and then refuses: signature_mismatch`,
    ]);
    const open = wrap('read: () => ({ ok: true, value: { matches: () => true } })');
    expect(await problems(open)).toEqual([
      `sources.acme.provider: ${open} has a scheme that takes any secret for the right one`,
    ]);
  });

  it('is refused if there is no such file, with what to do', async () => {
    const path = join(directory.path, 'providers/none.ts');
    expect(await problems('./providers/none.ts')).toEqual([
      `sources.acme.provider: ./providers/none.ts does not exist (${path}): correct the path, or make the file with "npm run new-provider -- <name>"`,
    ]);
    expect(await problems('providers/none.ts')).toHaveLength(1);
  });

  it('is refused under the name of another own one; everything else is said beside it', async () => {
    const [one, two] = [write((code) => code), write((code) => code)];
    await expect(
      resolved({ one: { provider: one }, two: { provider: two }, three: { provider: 'nabla', windowDays: 0 } }),
    ).rejects.toMatchObject({
      problems: [
        `sources.two.provider: ${two} has the name "acme", as ${one} has: give one of them another name`,
        expect.stringContaining('sources.three.windowDays'),
      ],
    });
  });
});
