import { describe, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { providers } from '../../../lambdas/providers/index.ts';
import { fixturesOf } from './fixtures.ts';

const GUIDE = 'docs/adding-a-provider.md says how.';

/** Fails with one sentence: what to add, and where. */
function demand(isThere: boolean, sentence: string): void {
  if (!isThere) throw new Error(sentence);
}

describe.each([...providers])('the provider %s', (name, { title }) => {
  it('has a signature that was computed elsewhere', () => {
    demand(
      fixturesOf(name).length > 0,
      `${title} has no signature computed elsewhere: add a .body and a .json to test/fixtures/${name}/; ${GUIDE}`,
    );
  });

  it('has a page', () => {
    const page = `docs/providers/${name}.md`;
    demand(existsSync(page), `${title} has no page: write ${page}; ${GUIDE}`);
  });

  it('has a row among the providers', () => {
    const isThere = readFileSync('docs/providers/README.md', 'utf8').includes(`\n| \`${name}\` `);
    demand(
      isThere,
      `${title} has no row among the providers: add one to the first table of docs/providers/README.md; ${GUIDE}`,
    );
  });
});
