/** A part of `npm run check`: every bundle is within bench/budget.json, so that growth is a decision. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../lib/bundle.ts';

/** Bytes by bundle and file: what a cold start reads, and what is loaded on demand. */
type Budget = Readonly<Record<string, Readonly<Record<string, number>>>>;

const budget = JSON.parse(readFileSync(new URL('budget.json', import.meta.url), 'utf8')) as Budget;

for (const [name, files] of Object.entries(budget)) {
  const directory = bundle({ entry: `lambdas/${name}/handler.ts` });
  for (const [file, limit] of Object.entries(files)) {
    const { size } = statSync(join(directory, file));
    const isWithin = size <= limit;
    const verdict = isWithin ? 'within' : 'over';
    console.log(`${name}/${file}: ${size} bytes, ${verdict} the budget of ${limit}`);
    if (isWithin) continue;
    console.error(`  Make it smaller, or raise the limit in bench/budget.json and say why in the commit.`);
    process.exitCode = 1;
  }
}
