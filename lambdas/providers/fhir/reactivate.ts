import { isObject, writeJson } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ApiCall } from '../../core/missed-event.ts';
import { readText } from '../../core/schemes/fields.ts';
import type { Result } from '../../core/result.ts';
import { ok, refuse } from '../../core/result.ts';
import { call, FHIR_JSON, readResourceIn, subscriptionPath } from './calls.ts';

/**
 * Asks the server to deliver again: `status` becomes `requested`, and a handshake follows. A PUT states the whole Subscription, as it
 * was read a moment before; it loses to somebody else's change (412).
 */
export async function reactivateBy(
  how: 'put' | 'patch',
  subscription: string,
  api: ApiCall,
): Promise<Result<undefined, string>> {
  const path = subscriptionPath(subscription);
  const answer = await call(api, 'GET', path);
  const read = readResourceIn(answer);
  if (!read.ok) return read;
  // Somebody has done it, or it is off for a reason.
  if (read.value.status !== 'error') return ok(undefined);
  const headers = ifMatch(answer.headers.get('etag'), read.value);
  if (how === 'put' && hasMaskedHeader(read.value)) return refuse('headers_masked');
  const { status } = await (how === 'patch'
    ? call(api, 'PATCH', path, {
        headers: { ...headers, 'content-type': 'application/json-patch+json' },
        body: JSON.stringify([{ op: 'replace', path: '/status', value: 'requested' }]),
      })
    : call(api, 'PUT', path, {
        headers: { ...headers, 'content-type': FHIR_JSON },
        body: writeJson({ ...read.value, status: 'requested' }),
      }));
  return status >= 200 && status < 300 ? ok(undefined) : refuse(`http_${status}`);
}

function ifMatch(etag: string | undefined, { meta }: JsonObject): Record<string, string> {
  const version = isObject(meta) ? readText(meta.versionId) : undefined;
  const tag = etag ?? (version === undefined ? undefined : `W/"${version}"`);
  return tag === undefined ? {} : { 'if-match': tag };
}

/** A server that shows no secret on reading would be given its mask for a token. */
const hasMaskedHeader = ({ channel, parameter }: JsonObject): boolean =>
  /\*{3}|redacted|masked|hidden/i.test(writeJson([isObject(channel) ? channel.header : undefined, parameter]));
