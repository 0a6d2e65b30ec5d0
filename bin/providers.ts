import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command } from 'commander';
import { catalogue } from '../cli/providers/catalogue.ts';
import { row, withFacts } from '../cli/providers/page.ts';
import { providers } from '../lambdas/providers/index.ts';
import { REPOSITORY } from '../lib/config/config.ts';

interface Options {
  readonly json?: boolean;
  readonly write?: boolean;
}

const PAGES = join(REPOSITORY, 'docs/providers');

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

function print(): void {
  const table = new Table({
    head: ['name', 'scheme', 'covers', 'replay', 'ledger', 'identity', 'missed events'],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, scheme, coverage, windows, identity, missedEvents, confidence } of catalogue(providers.values())) {
    const { replaySeconds, ledgerDays } = windows;
    const replay = replaySeconds === null ? 'none' : `${replaySeconds} s`;
    const shownName = confidence === 'confirmed' ? name : `${name} (unconfirmed)`;
    table.push([shownName, scheme, coverage, replay, `${ledgerDays} d`, identity, missedEvents ? 'yes' : 'no']);
  }
  console.log(table.toString());
}

const command = new Command('providers')
  .description('Lists the providers: how each signs, what that proves, and what identifies its events.')
  .option('--json', 'as JSON')
  .option('--write', "writes the facts into the providers' pages")
  .action(({ json = false, write = false }: Options) => {
    if (write) writePages();
    else if (json) console.log(JSON.stringify(catalogue(providers.values()), null, 2));
    else print();
  });

await command.parseAsync();
