import { describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue, defaultOptions, FILTERS, narrowed } from '../../cli/providers/catalogue.ts';
import { areAlike, facts, withFacts } from '../../cli/providers/page.ts';
import { writePage, writePages } from '../../cli/providers/write-pages.ts';
import { identityOf } from '../../lambdas/core/provider.ts';
import { providers } from '../../lambdas/providers/index.ts';

describe.each([...providers])('the catalogue on %s', (name, provider) => {
  it('says how it signs, what that proves, and where the facts are from', () => {
    const [entry, ...more] = catalogue([provider]);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      name,
      title: provider.title,
      identity: identityOf(provider, defaultOptions(provider)),
    });
    expect(entry?.scheme).toMatch(/\S/);
    expect(entry?.coverage).toMatch(/^(body|fields|caller)$/);
    expect(entry?.windows.retrySeconds).toBe(provider.retryHorizonSeconds);
    expect(entry?.source).toBe(provider.documents.source);
  });

  it('is on its page as its file has it', () => {
    const file = `docs/providers/${name}.md`;
    const page = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const current = withFacts(page, provider);
    // `npm run providers -- --write` brings it up to date.
    if (current !== undefined) expect([areAlike(page, current), current]).toEqual([true, current]);
  });
});

it('the page of a provider that stops delivering after failures says so, and no other page', () => {
  for (const provider of providers.values())
    expect(facts(provider).includes('It stops delivering')).toBe(provider.cutsOffAfterFailures === true);
});

describe('npm run providers -- --write', () => {
  const asIs = (text: string): Promise<string> => Promise.resolve(text);
  const [acme, others] = [providers.get('stripe'), [...providers.values()]];

  it('writes nothing if every page says already what it has to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pages-'));
    cpSync('docs/providers', folder, { recursive: true });
    const refuse = (_text: string, file: string): Promise<string> => Promise.reject(new Error(`${file} is changed`));
    await expect(writePages(folder, others, refuse)).resolves.toBeUndefined();
  });

  it('writes the facts of a page, and the row that the table lacks', async () => {
    if (!acme) throw new Error('no provider');
    const folder = mkdtempSync(join(tmpdir(), 'pages-'));
    const [page, table] = [join(folder, 'stripe.md'), join(folder, 'README.md')];
    const template = readFileSync('examples/new-provider/page.md', 'utf8');
    writeFileSync(page, template);
    writeFileSync(table, '| provider | of |\n| --- | --- |\n| `a` | b |\n\nEnd\n');
    await writePages(folder, [acme], asIs);
    expect(readFileSync(page, 'utf8')).toBe(withFacts(template, acme));
    expect(readFileSync(table, 'utf8')).toMatch(/\| `a` \| b \|\n\| `stripe` \| .*\|\n\nEnd/);
    writeFileSync(page, readFileSync(page, 'utf8').replaceAll('. ', '.\n  '));
    await writePage(page, acme, () => Promise.reject(new Error('its lines are wrapped otherwise, and no more')));
  });
});

describe('the filters', () => {
  const entries = catalogue(providers.values());

  it.each(Object.keys(FILTERS))('--%s keeps some of them, and not all', (name) => {
    const kept = narrowed(entries, { [name]: true });
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(entries.length);
  });

  it('narrow together, and keep everything if none is given', () => {
    expect(narrowed(entries, {})).toEqual(entries);
    const both = narrowed(entries, { health: true, registration: true }).map(({ name }) => name);
    expect(both).toEqual(['optum', 'osigu', 'oura']);
  });

  it('the README says how many there are', () => {
    const tens = [
      '',
      '',
      '',
      '',
      '',
      'fifty',
      'sixty',
      'seventy',
      'eighty',
      'ninety',
      'a hundred',
      'a hundred and ten',
    ];
    expect(readFileSync('README.md', 'utf8')).toContain(
      `More than ${tens[Math.floor(entries.length / 10)] ?? ''} providers`,
    );
  });
});
