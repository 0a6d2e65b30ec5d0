/** A part of `npm run check`: every bundle is within bench/budget.json, so that growth is a decision. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Provider } from '../lambdas/core/provider.ts';
import { providers } from '../lambdas/providers/index.ts';
import { bundle } from '../lib/bundle.ts';
import { registeredFile } from '../lib/config/provider-file.ts';

/** Bytes by bundle and file: what a cold start reads, and what is loaded on demand. */
type Budget = Readonly<Record<string, Readonly<Record<string, number>>>>;

const budget = JSON.parse(readFileSync(new URL('budget.json', import.meta.url), 'utf8')) as Budget;

/** The functions that read a provider's deliveries or call its API: each holds that provider and no other. */
const PER_PROVIDER = new Map<string, (provider: Provider) => boolean>([
  ['verifier', () => true],
  ['poller', ({ missedEvents }) => missedEvents !== undefined],
  ['rotator', ({ rotation }) => rotation !== undefined],
]);

function directoriesOf(name: string): string[] {
  const entry = `lambdas/${name}/handler.ts`;
  const runs = PER_PROVIDER.get(name);
  if (!runs) return [bundle({ entry })];
  return [...providers.values()].filter(runs).map((provider) => bundle({ entry, provider: registeredFile(provider) }));
}

for (const [name, files] of Object.entries(budget)) {
  const directories = directoriesOf(name);
  for (const [file, limit] of Object.entries(files)) {
    const size = Math.max(...directories.map((directory) => statSync(join(directory, file)).size));
    const isWithin = size <= limit;
    const verdict = isWithin ? 'within' : 'over';
    console.log(`${name}/${file}: ${size} bytes at most, ${verdict} the budget of ${limit}`);
    if (isWithin) continue;
    console.error(`  Make it smaller, or raise the limit in bench/budget.json and say why in the commit.`);
    process.exitCode = 1;
  }
}
