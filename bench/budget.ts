/** A part of `npm run check`: every bundle is within bench/budget.json, so that growth is a decision. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Provider } from '../lambdas/core/provider.ts';
import { providers } from '../lambdas/providers/index.ts';
import { bundle } from '../lib/bundle.ts';
import { isPolled } from '../lib/config/provider-api.ts';
import { registeredFile } from '../lib/config/provider-file.ts';
import { sizeBounds } from './size-bounds.ts';

/** Bytes by bundle and file: what a cold start reads, and what is loaded on demand. */
type Budget = Readonly<Record<string, Readonly<Record<string, number>>>>;

const budget = JSON.parse(readFileSync(new URL('budget.json', import.meta.url), 'utf8')) as Budget;

/** The functions that read a provider's deliveries or call its API: each holds that provider and no other. */
const PER_PROVIDER = new Map<string, (provider: Provider) => boolean>([
  ['verifier', () => true],
  ['poller', isPolled],
  ['rotator', ({ rotation }) => rotation !== undefined],
]);

const sizeOf = (directory: string, file: string): number => statSync(join(directory, file)).size;

/** A part of a bound by which the size of one bundle may be over it: names that are made short have other lengths in each. */
const TOLERANCE = 0.01;

/**
 * The sizes of a function's files, each of the provider for which it is largest. A bundle per provider takes a minute. Bounds come
 * of one with all of them, and a provider whose bound is below the largest size that was found needs no bundle.
 */
function largest(name: string, files: readonly string[]): ReadonlyMap<string, number> {
  const entry = `lambdas/${name}/handler.ts`;
  const runs = PER_PROVIDER.get(name);
  if (!runs) return new Map(files.map((file) => [file, sizeOf(bundle({ entry }), file)]));
  const sizes = new Map(files.map((file) => [file, 0]));
  const bounds = sizeBounds(entry, [...providers.values()].filter(runs).map(registeredFile));
  for (const { provider, bytes } of bounds.toSorted((one, other) => other.bytes - one.bytes)) {
    if (bytes * (1 + TOLERANCE) < (sizes.get(INDEX) ?? 0)) break;
    const directory = bundle({ entry, provider });
    for (const [file, size] of sizes) sizes.set(file, Math.max(size, sizeOf(directory, file)));
  }
  return sizes;
}

/** The file that differs by provider. */
const INDEX = 'index.js';

for (const [name, files] of Object.entries(budget)) {
  const sizes = largest(name, Object.keys(files));
  for (const [file, limit] of Object.entries(files)) {
    const size = sizes.get(file) ?? 0;
    const isWithin = size <= limit;
    const verdict = isWithin ? 'within' : 'over';
    console.log(`${name}/${file}: ${size} bytes at most, ${verdict} the budget of ${limit}`);
    if (isWithin) continue;
    console.error(`  Make it smaller, or raise the limit in bench/budget.json and say why in the commit.`);
    process.exitCode = 1;
  }
}
