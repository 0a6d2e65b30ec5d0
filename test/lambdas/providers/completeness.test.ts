import { describe, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { fixturesOf } from './fixtures.ts';
import { areAlike, withFacts } from '../../../cli/providers/page.ts';
import { complete, isMine } from './subjects.ts';
import type { Subject } from './subjects.ts';

const GUIDE = 'docs/adding-a-provider.md says how.';

/** Fails with one sentence: what to add, and where. */
function demand(isThere: boolean, sentence: string): void {
  if (!isThere) throw new Error(sentence);
}

/** The gaps that a file still has: `scheme (line 17)`, the field below the mark or the mark's own words. */
function marks(file: string): string[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const [, rest] = /FILL IN ([^:;.]{1,39}\w\b)/.exec(line) ?? [];
    const [, field] = /^\s*(\w+)(?::|\()/.exec(lines[index + 1] ?? '') ?? [];
    return rest === undefined ? [] : [`${field ?? rest} (line ${index + 1})`];
  });
}

const shown = (path: string): string => (path.startsWith('/') ? relative(process.cwd(), path) : path);

/** Whether the facts on a page are those of the file; a page without a place for them states none. */
function isCurrent(page: string, provider: Provider): boolean {
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  return areAlike(withFacts(text, provider) ?? text, text);
}

/** The parts that a provider of the customer's own lacks; empty if it is complete. */
function missing({ provider, file, cases, page }: Subject): string[] {
  const left = [file, page].map((path) => [path, marks(path)] as const).filter(([, found]) => found.length > 0);
  const hasCase = fixturesOf(provider.name).length > 0;
  return [
    ...left.map(([path, found]) => `fill in ${found.join(', ')} in ${shown(path)}`),
    ...(isCurrent(page, provider) ? [] : [`bring ${shown(page)} up to the file: npm run providers -- --write`]),
    ...(hasCase ? [] : [`add a signature that was computed elsewhere, a .body and a .json, to ${shown(cases)}/`]),
  ];
}

describe.each(complete.map((subject) => [subject.provider.name, subject] as const))(
  'the provider %s',
  (name, subject) => {
    const { title } = subject.provider;

    if (isMine) {
      it('is complete', () => {
        const left = missing(subject);
        demand(left.length === 0, `${title} is not complete: ${left.join('; ')}; ${GUIDE}`);
      });
      return;
    }

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

    it('has nothing left to fill in', () => {
      const left = [subject.file, subject.page].filter((file) => marks(file).length > 0);
      demand(left.length === 0, `${title} is not filled in: look for FILL IN in ${left.join(' and ')}; ${GUIDE}`);
    });
  },
);
