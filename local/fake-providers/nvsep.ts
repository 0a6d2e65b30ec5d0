import type { ApiAnswer, FakeApi } from './fake-api.ts';
import { UNAUTHORIZED } from './fake-api.ts';
import { bearerOf } from './token-endpoint.ts';

export const LOCAL_TOKEN = 'local-token';

export interface FakeExclusions {
  readonly api: FakeApi;
  /** All exclusions, the oldest first, well formed or not. A test may put one between others, as one that came late. */
  readonly entries: unknown[];
  /** Makes every page name itself as the next one. */
  repeats: boolean;
}

const PATH = '/nvsep/api/cfs/v1/exclusions';
const DEFAULT_LIMIT = 100;

/** NVSEP's list of exclusions as docs/providers/nvsep.md says and assumes it. */
export function fakeExclusions(): FakeExclusions {
  const fake: FakeExclusions = {
    entries: [],
    repeats: false,
    api({ method, url, headers }) {
      if (method !== 'GET' || url.pathname !== PATH) return undefined;
      if (bearerOf(headers.authorization) !== LOCAL_TOKEN) return UNAUTHORIZED;
      return list(fake, url.searchParams);
    },
  };
  return fake;
}

function list({ entries, repeats }: FakeExclusions, query: URLSearchParams): ApiAnswer {
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  const sinceId = query.get('sinceId');
  const since = sinceId === null ? -1 : indexOf(entries, sinceId);
  if (sinceId !== null && since < 0) return { status: 404, body: { error: 'unknown_id' } };
  const after = query.get('after');
  const start = after === null ? since + 1 : indexOf(entries, Buffer.from(after, 'base64url').toString()) + 1;
  const page = entries.slice(start, start + limit);
  const last = idOf(page.at(-1)) ?? '';
  const hasMore = start + limit < entries.length;
  const next = repeats ? (after ?? 'start') : hasMore ? Buffer.from(last).toString('base64url') : null;
  return {
    status: 200,
    body: { entries: page, meta: { after: next, before: null, limit, totalCount: entries.length } },
  };
}

const indexOf = (entries: readonly unknown[], id: string): number => entries.findIndex((entry) => idOf(entry) === id);

function idOf(entry: unknown): string | undefined {
  const { id } = (entry ?? {}) as { readonly id?: unknown };
  return typeof id === 'string' ? id : undefined;
}
