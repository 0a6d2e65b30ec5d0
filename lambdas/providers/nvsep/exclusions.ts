import { readJsonAnswer } from '../../core/http/api-answer.ts';
import type { Options } from '../../core/envelope.ts';
import { writeJson } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { derivedKey } from '../../core/event-key.ts';
import { readEntries, unreadableEntry } from '../../core/poll/list.ts';
import { readNext } from '../../core/poll/log-page.ts';
import { readId, readIdText, readText } from '../../core/schemes/fields.ts';
import type { MissedEvent, MissedEvents, Place } from '../../core/missed-events.ts';
import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import { ok, refuse } from '../../core/result.ts';
import { parseIsoTime } from '../../core/schemes/time.ts';

/** The one topic that NVSEP delivers, and the one kind of thing that it lists. */
export const EXCLUSION_CREATED = 'cfs_exclusions.created';

export const nvsepApi: ProviderApi = { credentials: 'token', settings: ['baseUrl'] };

export const nvsepApiOptions = {
  baseUrl: {
    type: 'url',
    description:
      "Base URL of NVSEP's API, `https://portal.nvsep.org/api/cfs/v1`. Its list of exclusions is read if this is given.",
  },
  reconcileFrom: {
    type: 'string',
    description: 'ISO 8601: exclusions created from then on are fetched. Default: from the deployment on.',
    pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/,
  },
  pageSize: { type: 'integer', description: 'Exclusions that one page holds.', default: 100, min: 1, max: 1000 },
} as const satisfies Record<string, OptionSpec>;

/** Milliseconds by which a page may end before it begins: clocks that differ, not another order. */
const ORDER_TOLERANCE_MS = 3_600_000;
/** The answers to an id that NVSEP does not know, or not any more. */
const UNKNOWN = ['http_400', 'http_404', 'http_410', 'http_422'];

/**
 * NVSEP's list of exclusions, the oldest first. The cursor is an exclusion's id (`sinceId`), which outlives whatever stands in
 * `after`; that is followed within one poll.
 */
export const nvsepExclusions: MissedEvents = {
  async list(place, { http, options }) {
    const answer = readJsonAnswer(await http({ method: 'GET', url: listUrl(options, place) }));
    if (!answer.ok) {
      const isUnknown = place.position !== undefined && place.next === undefined && UNKNOWN.includes(answer.reason);
      return isUnknown ? refuse('unknown_position') : answer;
    }
    const { entries: listed, data, meta } = (answer.value ?? {}) as Partial<JsonObject>;
    // One page of theirs has `entries`, another one `data`.
    const list: unknown = listed ?? data;
    if (!Array.isArray(list)) return refuse('not_a_list');
    const entries = readEntries(list, readExclusion, ({ id }) => ({ position: readIdText(id) }));
    const { after } = (meta ?? {}) as Partial<JsonObject>;
    const next = typeof after === 'number' ? ok(readIdText(after)) : readNext(after);
    return next.ok ? ok({ entries, next: next.value, inOrder: isInOrder(entries) }) : next;
  },
  cursor: {
    // The page that was read last, and the one before it: while one is read, an exclusion can come late into either.
    overlap: ({ pageSize }) => 2 * Number(pageSize),
    from: ({ reconcileFrom }) => readText(reconcileFrom),
  },
};

function listUrl({ baseUrl, pageSize }: Options, { position, next }: Place): string {
  const query = new URLSearchParams({
    ...(position !== undefined && { sinceId: position }),
    ...(next !== undefined && { after: next }),
    limit: String(pageSize),
  });
  return `${String(baseUrl).replace(/\/+$/, '')}/exclusions?${query.toString()}`;
}

/**
 * An exclusion as the event that would have been delivered. It has no event id: what is delivered and what is listed are
 * brought together by the exclusion's own.
 */
function readExclusion(entry: JsonObject): MissedEvent {
  const { createdAt } = entry;
  const id = readId(entry.id);
  if (id === undefined) return unreadableEntry(entry, 'entry_without_id');
  return {
    body: Buffer.from(writeJson({ type: EXCLUSION_CREATED, createdAt, version: '1.0', data: entry })),
    envelope: {
      key: derivedKey('exclusion', id),
      type: EXCLUSION_CREATED,
      time: parseIsoTime(createdAt),
      reconcileKey: id,
    },
    position: String(id),
  };
}

/** Whether a page runs from older to newer, as far as its ends say. */
function isInOrder(entries: readonly MissedEvent[]): boolean {
  const times = entries.flatMap(({ envelope }) => envelope.time?.getTime() ?? []);
  const [first, last] = [times[0], times.at(-1)];
  return first === undefined || last === undefined || first - last <= ORDER_TOLERANCE_MS;
}
