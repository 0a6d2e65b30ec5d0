import { dirname, join } from 'node:path';
import Table from 'cli-table3';
import { Command } from 'commander';
import { catalogue, FILTERS, narrowed } from '../cli/providers/catalogue.ts';
import type { Entry } from '../cli/providers/catalogue.ts';
import { writePage, writePages } from '../cli/providers/write-pages.ts';
import { ownFiles } from '../cli/own-files.ts';
import { providers } from '../lambdas/providers/index.ts';
import { configDirectory, ownProviders } from '../lib/load-config.ts';
import { PACKAGE } from '../lib/places.ts';

interface Options {
  readonly json?: boolean;
  readonly write?: boolean;
}

const PAGES = join(PACKAGE, 'docs/providers');

/** Writes the pages of the catalogue, and of the customer's own providers: each of those is in the folder of its provider's name. */
async function writeAll(): Promise<void> {
  const { format, resolveConfig } = await import('prettier');
  const formatted = async (text: string, filepath: string): Promise<string> =>
    format(text, { ...(await resolveConfig(join(PAGES, 'README.md'))), filepath });
  await writePages(PAGES, providers.values(), formatted);
  const { own } = await ownFiles([], configDirectory, ownProviders);
  for (const { provider, file } of own)
    await writePage(join(dirname(file.path), provider.name, 'README.md'), provider, formatted);
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
command.action(async (options: Options) => {
  const { json = false, write = false } = options;
  if (write) await writeAll();
  else if (json) console.log(JSON.stringify(all(options), null, 2));
  else print(all(options));
  // Of a file that cannot be used nothing is known but what is wrong with it.
  for (const [file, flaw] of ownProviders.flaws) console.error(`${file} ${flaw}.`);
  if (ownProviders.flaws.size > 0) process.exitCode = 1;
});

await command.parseAsync();
