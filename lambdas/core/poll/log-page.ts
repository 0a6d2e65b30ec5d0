import { isUsableId } from '../http/api-url.ts';
import { isObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { LoggedDelivery, LoggedEvent } from '../missed-events.ts';
import { ok, refuse } from '../result.ts';
import type { Result } from '../result.ts';
import { readText } from '../schemes/fields.ts';
import { unreadableEntry } from './list.ts';

/** A delivery of a log; its id is not there if the entry has none. */
type StatedDelivery = Omit<LoggedDelivery, 'id'> & { readonly id: string | undefined };

/**
 * Reads those entries of a log that are deliveries which failed, to be asked for by their ids. An entry that is not an object, or
 * has no id that a URL can hold, is quarantined under its hash, and stops no other.
 */
export const readDeliveries = (
  list: readonly unknown[],
  read: (entry: JsonObject, index: number) => StatedDelivery,
  hasFailed: (entry: JsonObject) => boolean = () => true,
): (LoggedEvent | LoggedDelivery)[] =>
  list.flatMap((entry, index) => {
    if (!isObject(entry)) return unreadableEntry(entry, 'entry_not_object');
    if (!hasFailed(entry)) return [];
    const { id, ...delivery } = read(entry, index);
    if (id !== undefined && isUsableId(id)) return { id, ...delivery };
    return { ...unreadableEntry(entry, 'entry_without_id'), at: delivery.at };
  });

/** The newest of the times at which entries were logged; undefined if none has one. */
export function newestOf(entries: readonly { readonly at?: Date | undefined }[]): Date | undefined {
  const times = entries.flatMap(({ at }) => at?.getTime() ?? []);
  return times.length === 0 ? undefined : new Date(times.reduce((newest, time) => Math.max(newest, time)));
}

/** {@link newestOf} a list as it came, by what its entries say of their times. */
export const newestIn = (list: readonly unknown[], timeOf: (entry: JsonObject) => Date | undefined): Date | undefined =>
  newestOf(list.map((entry) => ({ at: isObject(entry) ? timeOf(entry) : undefined })));

/**
 * Returns the id behind which a list goes on: that of the last entry that has an id. A bad entry at the end of a page does not end
 * the reading. Refused if more follows, and no entry says where.
 */
export function nextBehind(list: readonly unknown[], hasMore: boolean): Result<string | undefined, 'no_next_page'> {
  if (!hasMore) return ok(undefined);
  const ids = list.map((entry) => (isObject(entry) ? readText(entry.id) : undefined));
  const last = ids.findLast((id) => id !== undefined && isUsableId(id));
  return last === undefined ? refuse('no_next_page') : ok(last);
}

/** Returns the place of the next page, as a page states it; undefined on the last page. Refused if it is not a text. */
export function readNext(stated: unknown): Result<string | undefined, 'no_next_page'> {
  if (stated === undefined || stated === null || stated === '') return ok(undefined);
  const next = readText(stated);
  return next === undefined ? refuse('no_next_page') : ok(next);
}

/** {@link readNext} of a URL. One on another host than the list's is refused, because the request to it would carry the token. */
export function readNextUrl(
  stated: unknown,
  listUrl: string,
): Result<string | undefined, 'no_next_page' | 'foreign_link'> {
  const next = readNext(stated);
  if (!next.ok || next.value === undefined) return next;
  return URL.parse(next.value)?.origin === URL.parse(listUrl)?.origin ? next : refuse('foreign_link');
}
