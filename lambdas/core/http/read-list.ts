import { isObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { RegistrationFault } from '../registration.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { readText } from '../schemes/fields.ts';

/** One page of a provider's list, as its answer has it. */
export interface ListPage {
  readonly entries: unknown;
  /** The URL of the next page; undefined or null on the last page. */
  readonly next?: unknown;
}

/** The id of a page's last entry, after which the next page begins; undefined if there is none, so that the same page would come. */
export function idOfLast(entries: unknown): string | undefined {
  const last: unknown = Array.isArray(entries) ? entries.at(-1) : undefined;
  return isObject(last) ? readText(last.id) : undefined;
}

/** The most pages that are read. A page has ten entries at the least with every provider, and a hundred with most. */
const MAX_PAGES = 100;

/**
 * Reads a provider's list to its end, page by page. A list of which a part was not read is a fault, because an entry that is on
 * another page would pass for one that is gone. A next page on another host is refused: the request carries the token.
 */
export async function readList<Entry>(
  first: string,
  read: (url: string) => Promise<Result<ListPage, RegistrationFault>>,
  toEntry: (value: JsonObject) => Entry,
): Promise<Result<readonly Entry[], RegistrationFault>> {
  const found: Entry[] = [];
  const seen = new Set<string>();
  for (let url = first; seen.size < MAX_PAGES;) {
    seen.add(url);
    const page = await read(url);
    if (!page.ok) return page;
    const { entries, next } = page.value;
    if (!Array.isArray(entries)) return refuse('not_a_list');
    for (const entry of entries.filter(isObject)) found.push(toEntry(entry));
    if (next === undefined || next === null || next === '') return ok(found);
    const following = typeof next === 'string' ? URL.parse(next, url) : null;
    if (following?.origin !== URL.parse(first)?.origin) return refuse('foreign_link');
    if (seen.has(following?.href ?? '')) return refuse('repeated_page');
    url = following?.href ?? '';
  }
  return refuse('list_too_long');
}
