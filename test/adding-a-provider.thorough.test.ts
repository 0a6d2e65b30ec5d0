import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { CopyOfRepository } from './copy-of-repository.ts';

const page = readFileSync('docs/adding-a-provider.md', 'utf8');

/** The first block of code after a text of the page. */
function codeAfter(text: string): string {
  const at = page.indexOf(text);
  const [, code] = /^```\w+\n([^]*?)^```$/m.exec(page.slice(at)) ?? [];
  if (at < 0 || code === undefined) throw new Error(`docs/adding-a-provider.md has no code after "${text}"`);
  return code;
}

/** The suites that go over the registry, or over a source for each provider. */
const all = globSync('test/**/*.test.ts')
  .map((suite) => suite.replaceAll('\\', '/'))
  .filter((suite) => /\/(providers\/index|subjects|settings|hookgate\.config)\.ts'/.test(readFileSync(suite, 'utf8')));

/** Of these, the quick ones: HOOKGATE_EVERY_SUITE=1 runs all of them. */
const QUICK = [
  ...['completeness', 'contract', 'contract-verify', 'fixtures'].map((name) => `lambdas/providers/${name}`),
  ...['customer-configuration', 'docs', 'lib/ingress', 'lib/config/messages'],
];
const suites = process.env.HOOKGATE_EVERY_SUITE === '1' ? all : QUICK.map((name) => `test/${name}.test.ts`);

describe('a provider that was added by docs/adding-a-provider.md', () => {
  const copy = new CopyOfRepository();
  const append = (file: string, after: RegExp, code: string): void => {
    const content = copy.read(file);
    const changed = content.replace(after, (found) => found + code);
    expect(changed).not.toBe(content);
    copy.write(file, changed);
  };

  beforeAll(() => {
    copy.write('lambdas/providers/acme.ts', codeAfter('## 1. Write `lambdas/providers/<name>.ts`'));
    append('lambdas/providers/registered.ts', /$/, codeAfter('to `lambdas/providers/registered.ts`'));
    append('hookgate.config.ts', /^ {2}sources: \{\n/m, codeAfter('in `hookgate.config.ts`'));
    for (const file of ['test/fixtures/acme/created.body', 'test/fixtures/acme/created.json', 'docs/providers/acme.md'])
      copy.write(file, codeAfter(`\`${file}\`:`));
    append('docs/providers/README.md', /^\| -+ [^\n]*\n/m, codeAfter('first table of `docs/providers/README.md`:'));
  });
  afterAll(() => copy.remove());

  it('leaves the suites green', () => {
    expect(copy.test(...suites)).toEqual({ passed: true, report: '' });
  }, 1_200_000);

  it('and is not complete, is told what to add and where', () => {
    copy.delete('test/fixtures/acme');
    copy.delete('docs/providers/acme.md');
    copy.write('docs/providers/README.md', readFileSync('docs/providers/README.md', 'utf8'));
    const { passed, report } = copy.test('test/lambdas/providers/completeness.test.ts');
    expect(passed).toBe(false);
    for (const sentence of [
      'Acme has no signature computed elsewhere: add a .body and a .json to test/fixtures/acme/;',
      'Acme has no page: write docs/providers/acme.md;',
      'Acme has no row among the providers: add one to the first table of docs/providers/README.md;',
    ])
      expect(report).toContain(sentence);
  }, 240_000);

  it('of the customer’s own is told in one sentence what is missing, and keeps the contract meanwhile', () => {
    const { stdout } = copy.run('bin/new-provider.ts', 'globex');
    expect(stdout).toContain("globex: { provider: './providers/globex.ts' },");
    const { status, stderr } = copy.run('bin/test-mine.ts');
    expect(status).toBe(1);
    const failed = stderr.split('\n').filter((line) => line.startsWith('  ● '));
    expect(failed).toEqual(['  ● the provider globex › is complete']);
    expect(stderr).toMatch(
      /Globex is not complete: fill in documents \(line \d+\), scheme \(.*\) in providers\/globex.ts; .* to providers\/globex\/; docs/,
    );
  }, 240_000);
});
