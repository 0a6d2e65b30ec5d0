/**
 * `npm run bench`: measures everything, prints the tables, and writes bench/results.json.
 * `npm run bench -- verification handler`: these parts alone. `--quick`: little of each, to try it; writes nothing.
 * `--document`: puts the tables into docs/performance.md too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { format, resolveConfig as prettierConfig } from 'prettier';
import { countAwsCalls } from './aws-calls/part.ts';
import { measureColdStart } from './cold-start/part.ts';
import { writeInto } from './document.ts';
import { measureEndToEnd } from './end-to-end/part.ts';
import { measureFirstDeliveries } from './first-delivery/part.ts';
import { measureHandler } from './handler/part.ts';
import { load } from './machine.ts';
import { printed } from './report.ts';
import type { Report } from './report.ts';
import { keep, sentence } from './results.ts';
import type { Taken } from './results.ts';
import { measureVerification } from './verification/part.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, document: { type: 'boolean', default: false } },
});

const PARTS: Readonly<Record<string, (quick: boolean) => Promise<Report>>> = {
  verification: (quick) => measureVerification(quick ? { rounds: 3, turnMs: 1 } : { rounds: 61, turnMs: 5 }),
  handler: (quick) => measureHandler(quick ? { rounds: 3, turnMs: 5 } : { rounds: 31, turnMs: 50 }),
  'first-delivery': (quick) => measureFirstDeliveries({ rounds: quick ? 2 : 30 }),
  'cold-start': (quick) => measureColdStart({ rounds: quick ? 2 : 25 }),
  'end-to-end': (quick) => measureEndToEnd(quick ? { rounds: 1, seconds: 1 } : { rounds: 5, seconds: 3 }),
  'aws-calls': () => countAwsCalls(),
};

const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: the parts are ${Object.keys(PARTS).join(', ')}`);
const parts = Object.entries(PARTS).filter(([name]) => positionals.length === 0 || positionals.includes(name));

const reports: Report[] = [];
const taken: Record<string, Taken> = {};
for (const [name, measure] of parts) {
  const before = load();
  const report = await measure(values.quick);
  reports.push(report);
  taken[name] = { on: new Date().toISOString().slice(0, 10), load: [before, load()], figures: report.figures };
  for (const table of report.tables) console.log(printed(table));
}

if (!values.quick) {
  const taking = sentence(keep(taken));
  console.log(`\n${taking}`);
  if (values.document) {
    const page = new URL('../docs/performance.md', import.meta.url);
    writeInto(
      page,
      reports.flatMap(({ tables }) => tables),
      taking,
    );
    await tidy(page);
  }
}

/** Lays the page out as `npm run check` wants it. */
async function tidy(page: URL): Promise<void> {
  const config = await prettierConfig(page);
  writeFileSync(page, await format(readFileSync(page, 'utf8'), { ...config, parser: 'markdown' }));
}
