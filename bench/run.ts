/**
 * `npm run bench`: measures everything, prints the tables, and writes bench/results.json.
 * `npm run bench -- verification handler`: these parts alone, and writes nothing. `--quick`: little of each, to try it.
 * `--document`: puts the tables into docs/performance.md too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { format, resolveConfig as prettierConfig } from 'prettier';
import { countAwsCalls } from './aws-calls/part.ts';
import { measureColdStart } from './cold-start/part.ts';
import { writeInto } from './document.ts';
import { measureEndToEnd } from './end-to-end/part.ts';
import { measureHandler } from './handler/part.ts';
import { load, machine, versions } from './machine.ts';
import { printed } from './report.ts';
import type { Report } from './report.ts';
import { measureVerification } from './verification/part.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, document: { type: 'boolean', default: false } },
});

const PARTS: Readonly<Record<string, (quick: boolean) => Promise<Report>>> = {
  verification: (quick) => measureVerification(quick ? { rounds: 3, turnMs: 1 } : { rounds: 61, turnMs: 5 }),
  handler: (quick) => measureHandler(quick ? { rounds: 3, turnMs: 5 } : { rounds: 31, turnMs: 50 }),
  'cold-start': (quick) => measureColdStart({ rounds: quick ? 2 : 25 }),
  'end-to-end': (quick) => measureEndToEnd(quick ? { rounds: 1, seconds: 1 } : { rounds: 5, seconds: 3 }),
  'aws-calls': () => countAwsCalls(),
};

const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: the parts are ${Object.keys(PARTS).join(', ')}`);
const parts = Object.entries(PARTS).filter(([name]) => positionals.length === 0 || positionals.includes(name));

const on = machine();
const reports = new Map<string, Report & { readonly load: readonly [before: number, after: number] }>();
for (const [name, measure] of parts) {
  const before = load();
  const report = await measure(values.quick);
  reports.set(name, { ...report, load: [before, load()] });
  for (const table of report.tables) console.log(printed(table));
}

const taken =
  `Taken on ${new Date().toISOString().slice(0, 10)}: Node ${on.node}, ${on.platform}, ${on.processors} processors ` +
  `(${on.processor}), ${on.memoryGb} GB. Load of the machine before and after each part: ` +
  `${[...reports]
    .map(
      ([
        name,
        {
          load: [before, after],
        },
      ]) => `${name} ${before} → ${after}`,
    )
    .join(', ')}.`;
console.log(`\n${taken}`);

if (parts.length === Object.keys(PARTS).length && !values.quick) {
  const results = new URL('results.json', import.meta.url);
  const figures = Object.fromEntries(
    [...reports].map(([name, { figures: values, load: loads }]) => [name, { load: loads, figures: values }]),
  );
  writeFileSync(results, `${JSON.stringify({ machine: on, versions: versions(), ...figures }, undefined, 2)}\n`);
}
if (values.document) {
  const page = new URL('../docs/performance.md', import.meta.url);
  const tables = [...reports.values()].flatMap((report) => report.tables);
  writeInto(page, tables, taken);
  await tidy(page);
}

/** Lays the page out as `npm run check` wants it. */
async function tidy(page: URL): Promise<void> {
  const config = await prettierConfig(page);
  writeFileSync(page, await format(readFileSync(page, 'utf8'), { ...config, parser: 'markdown' }));
}
