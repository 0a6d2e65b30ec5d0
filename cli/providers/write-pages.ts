import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Provider } from '../../lambdas/core/provider.ts';
import { areAlike, row, withFacts } from './page.ts';

/** Makes the text of a page that is in this file one as the repository's are: lines of the same length. */
export type Format = (text: string, file: string) => Promise<string>;

/** Brings a provider's page up to its file. A page that says it already, or has no place for the facts, stays as it is. */
export async function writePage(file: string, provider: Provider, format: Format): Promise<void> {
  const page = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const changed = withFacts(page, provider);
  if (changed !== undefined && !areAlike(changed, page)) writeFileSync(file, await format(changed, file));
}

/** Brings the pages of the catalogue up to the providers' files, and adds the rows that the table of all lacks. */
export async function writePages(folder: string, providers: Iterable<Provider>, format: Format): Promise<void> {
  const index = join(folder, 'README.md');
  const table = readFileSync(index, 'utf8');
  let rows = '';
  for (const provider of providers) {
    await writePage(join(folder, `${provider.name}.md`), provider, format);
    if (!table.includes(`\n| \`${provider.name}\` `)) rows += `${row(provider)}\n`;
  }
  if (rows === '') return;
  const whole = table.replace(/^(\| provider[^\n]*\n(?:\|[^\n]*\n)+)/m, (lines) => lines + rows);
  writeFileSync(index, await format(whole, index));
}
