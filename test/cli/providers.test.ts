import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { catalogue } from '../../cli/providers/catalogue.ts';
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
