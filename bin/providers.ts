import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command } from 'commander';
import { catalogue, FILTERS, narrowed } from '../cli/providers/catalogue.ts';
import type { Entry } from '../cli/providers/catalogue.ts';
import { row, withFacts } from '../cli/providers/page.ts';
import { providers } from '../lambdas/providers/index.ts';
import { ownProviders } from '../lib/load-config.ts';
import { PACKAGE } from '../lib/places.ts';

interface Options {
  readonly json?: boolean;
  readonly write?: boolean;
}

const PAGES = join(PACKAGE, 'docs/providers');

/** Brings the pages up to the providers' files, and adds the rows that the table lacks. */
function writePages(): void {
  const index = join(PAGES, 'README.md');
  for (const provider of providers.values()) {
    const file = join(PAGES, `${provider.name}.md`);
    const page = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    const changed = page === undefined ? undefined : withFacts(page, provider);
    if (changed !== undefined && changed !== page) writeFileSync(file, changed);
    const table = readFileSync(index, 'utf8');
    if (!table.includes(`\n| \`${provider.name}\` `))
      writeFileSync(index, table.replace(/^(\| provider[^\n]*\n(?:\|[^\n]*\n)+)/m, `$1${row(provider)}\n`));
  }
}

const all = (options: Options): Entry[] => narrowed(catalogue(providers.values(), ownProviders.own), { ...options });

function print(entries: readonly Entry[]): void {
  const table = new Table({
    head: ['name', 'scheme', 'covers', 'replay', 'ledger', 'identity', 'missed events'],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, scheme, coverage, windows, identity, missedEvents, confidence, file } of entries) {
    const { replaySeconds, ledgerDays } = windows;
    const replay = replaySeconds === null ? 'none' : `${replaySeconds} s`;
    const notes = [confidence === 'confirmed' ? undefined : 'unconfirmed', file].filter((note) => note !== undefined);
    const shownName = notes.length === 0 ? name : `${name} (${notes.join(', ')})`;
    table.push([shownName, scheme, coverage, replay, `${ledgerDays} d`, identity, missedEvents ? 'yes' : 'no']);
  }
  console.log(table.toString());
}

const command = new Command('providers')
  .description('Lists the providers: how each signs, what that proves, and what identifies its events.')
  .option('--json', 'as JSON')
  .option('--write', "writes the facts into the providers' pages");
for (const [name, { description }] of Object.entries(FILTERS)) command.option(`--${name}`, `those ${description}`);
command.action((options: Options) => {
  const { json = false, write = false } = options;
  if (write) writePages();
  else if (json) console.log(JSON.stringify(all(options), null, 2));
  else print(all(options));
  // Of a file that cannot be used nothing is known but what is wrong with it.
  for (const [file, flaw] of ownProviders.flaws) console.error(`${file} ${flaw}.`);
  if (ownProviders.flaws.size > 0) process.exitCode = 1;
});

await command.parseAsync();
