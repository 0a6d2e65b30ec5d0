import type { HttpResponse } from './http.ts';
import type { ListFault } from '../missed-events.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';

/** Reads an answer's JSON. Refuses an answer with another status than 200, or with a body that is not JSON. */
export function readJsonAnswer({ status, body }: HttpResponse): Result<unknown, ListFault> {
  if (status !== 200) return refuse(`http_${status}` as const);
  try {
    return ok(JSON.parse(body) as unknown);
  } catch {
    return refuse('not_json');
  }
}

/**
 * The URL of the next page, by a `Link` header with `rel="next"` (RFC 8288); undefined if there is none. A link to another
 * host is refused, because the request to it would carry the token.
 */
export function readNextLink({ headers }: HttpResponse, listUrl: string): Result<string | undefined, 'foreign_link'> {
  const [, target] = /<([^<>]*)>(?:\s*;[^,<>]*)?;\s*rel="?next"?\s*(?:[;,]|$)/i.exec(headers.get('link') ?? '') ?? [];
  if (target === undefined) return ok(undefined);
  const next = URL.parse(target, listUrl);
  return next && next.origin === URL.parse(listUrl)?.origin ? ok(next.href) : refuse('foreign_link');
}
