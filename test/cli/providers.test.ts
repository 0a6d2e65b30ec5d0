import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { catalogue, FILTERS, narrowed } from '../../cli/providers/catalogue.ts';
import { withFacts } from '../../cli/providers/page.ts';
import { providers } from '../../lambdas/providers/index.ts';

const bare = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe.each([...providers])('the catalogue on %s', (name, provider) => {
  it('says how it signs, what that proves, and where the facts are from', () => {
    const [entry, ...more] = catalogue([provider]);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ name, title: provider.title, identity: provider.identity });
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
    if (current !== undefined) expect(bare(page)).toBe(bare(current));
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
