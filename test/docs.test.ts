import { defaultWindowDays, schemeOf } from '../lambdas/core/provider.ts';
import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { METRIC } from '../lambdas/contract.ts';
import { QUARANTINE_REASONS } from '../lambdas/core/envelope.ts';
import { REJECTION_REASONS } from '../lambdas/core/verdict.ts';
import { providerNamed } from '../lambdas/providers/index.ts';

const pages = globSync(['*.md', 'docs/**/*.md']);
const providerPages = pages.filter((page) => /^docs\/providers\/[a-z]/.test(page));
const read = (page: string): string => readFileSync(page, 'utf8');
const reasons: readonly string[] = [...REJECTION_REASONS, ...QUARANTINE_REASONS];

/** The anchors of a page's headings, as GitHub makes them. */
const anchors = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

/** A page without its blocks of code: what is in them is meant for another place. */
const withoutCode = (text: string): string => text.replaceAll(/^```[^]*?^```$/gm, '');

/** The links of a page into the repository: [file, anchor]. */
const links = (page: string): [file: string, anchor: string][] =>
  [...withoutCode(read(page)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
    ([, file = '', anchor = '']) => [file === '' ? page : join(dirname(page), file), anchor],
  );

it('finds the pages', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/architecture.md', 'docs/providers/osigu.md']));
});

describe.each(pages)('%s', (page) => {
  it('links to what exists', () => {
    const broken = links(page).filter(
      ([file, anchor]) => !existsSync(file) || (anchor !== '' && !anchors(file).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/\bnpm (?:run ([a-z][a-z:-]*[a-z])|(start|test)\b)/g)].map(
      ([, run, own]) => run ?? own,
    );
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});

it('README.md names metrics that exist', () => {
  const [, row = ''] = /^\| metrics, (.*)$/m.exec(read('README.md')) ?? [];
  const named = [...row.matchAll(/`([A-Z]\w+)`/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(Object.values(METRIC)).toEqual(expect.arrayContaining(named));
});

it('docs/providers/README.md explains every reason', () => {
  const text = read('docs/providers/README.md');
  expect(reasons.filter((reason) => !text.includes(`\n| \`${reason}\``))).toEqual([]);
});

describe.each(providerPages)('%s', (page) => {
  const text = read(page);
  const provider = providerNamed(/([a-z0-9-]+)\.md$/.exec(page)?.[1] ?? '');
  const scheme = schemeOf(provider, {});

  it('names the headers, the status and the options', () => {
    const named = [...scheme.headers.map(({ name }) => name), ...Object.keys(provider.options)];
    expect(named.filter((name) => !text.toLowerCase().includes(name.toLowerCase()))).toEqual([]);
    expect(text).toContain(`answered with ${provider.rejectionStatus}`);
  });

  it('names the windows', () => {
    const replay = scheme.replayWindowSeconds;
    expect(text).toContain(`Replay window: ${replay === undefined ? 'none' : `${replay} s`}`);
    expect(text).toContain(`Ledger window: ${defaultWindowDays(provider)} days`);
    const least = Math.ceil(provider.retryHorizonSeconds / 86_400);
    if (least > 0) expect(text).toContain(`less than ${least} is refused`);
  });

  it('explains reasons that exist', () => {
    const [, troubleshooting = ''] = text.split('## Troubleshooting');
    const named = [...troubleshooting.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, reason = '']) => reason),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(reasons).toEqual(expect.arrayContaining(named));
  });
});
