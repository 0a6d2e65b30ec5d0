/**
 * A part of `npm run check`: the English of comments, pages and messages by the rules of CONTRIBUTING.md. The findings that
 * are left are counted in allowed.json, which only goes down; how many in 1,000 words are "if" only goes up. `--list` prints all of them, `--lower` writes the new numbers.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { commentsOf, countWords, pageOf, textsOf } from './prose.ts';
import { RULES } from './rules.ts';

type Counts = Record<string, number>;

/** The number in allowed.json that is a lower bound: whole ones, so that a page alone does not break it. */
const LEAST_IFS = 'if in 1,000 words, at least';

const ALLOWED = new URL('allowed.json', import.meta.url);
const CODE = '{bench,bin,cli,console,examples,lambdas,lib,local,test}/**/*.{ts,tsx,js,cjs,mjs}';
/** Folders whose texts an operator reads: in tests and benchmarks, a text may be anything. */
const MESSAGES = '{bin,cli,lambdas,lib,local}/**/*.ts';
const exclude = (path: string): boolean => /(^|\/)(node_modules|cdk\.out|dist|fixtures|\.hookgate|\.git)$/.test(path);

const files = (...patterns: string[]) =>
  globSync(patterns, { exclude })
    .sort()
    .map((file) => ({ file, content: readFileSync(file, 'utf8') }));
const CORPORA = {
  'comments and pages': [
    ...files(CODE, '*.{ts,js,cjs}', '.dependency-cruiser.cjs').map(({ file, content }) => ({
      file,
      prose: commentsOf(content),
    })),
    ...files('**/*.md').map(({ file, content }) => ({ file, prose: pageOf(content) })),
  ],
  messages: files(MESSAGES).map(({ file, content }) => ({ file, prose: textsOf(content) })),
};

const allowed = JSON.parse(readFileSync(ALLOWED, 'utf8')) as Record<string, Counts>;
const found: Record<string, Counts> = {};
const list = process.argv.includes('--list');

for (const [corpus, proses] of Object.entries(CORPORA)) {
  const counts: Counts = (found[corpus] = {});
  const words = proses.reduce((sum, { prose }) => sum + countWords(prose), 0);
  const rate = (count: number): string => ((count / words) * 1000).toFixed(2);
  console.log(`English in ${corpus}: ${words} words`);
  for (const { name, write, find } of RULES) {
    const findings = proses.flatMap(({ file, prose }) =>
      [...prose.matchAll(find)].map(({ index }) => {
        const around = prose.slice(Math.max(0, index - 30), index + 60).replaceAll(/[\s¶]+/g, ' ');
        return `${file}:${prose.slice(0, index).split('\n').length}: …${around.trim()}…`;
      }),
    );
    const limit = allowed[corpus]?.[name] ?? 0;
    counts[name] = Math.min(findings.length, limit);
    const isOver = findings.length > limit;
    console.log(`  ${name}: ${findings.length}, of ${limit} allowed; ${rate(findings.length)} in 1,000 words`);
    if (list || isOver) for (const finding of findings) console.log(`    ${finding}`);
    if (isOver) {
      console.error(`  More than the ${limit} allowed. Write ${write}. The new ones are among those above.`);
      process.exitCode = 1;
    } else if (findings.length < limit) {
      console.log(`    Better than allowed: lower the number with "node test/english/check.ts --lower".`);
    }
  }
  const ifs = proses.reduce((sum, { prose }) => sum + [...prose.matchAll(/\bif\b/gi)].length, 0);
  const least = allowed[corpus]?.[LEAST_IFS] ?? 0;
  counts[LEAST_IFS] = Math.max(least, Math.floor(Number(rate(ifs))));
  console.log(`  if: ${ifs}; ${rate(ifs)} in 1,000 words, of ${least} at least`);
  if (Number(rate(ifs)) >= least) continue;
  console.error(`  Fewer than ${least} in 1,000 words. Write "if" and "when" for conditions.`);
  process.exitCode = 1;
}

if (process.argv.includes('--lower')) writeFileSync(ALLOWED, `${JSON.stringify(found, undefined, 2)}\n`);
