import { sha256 } from '../core/hash.ts';
import { parseObject } from '../core/json.ts';
import type { HandledEvent } from '../core/process/handle.ts';
import { sourceOf } from '../core/target.ts';
import { bodies, bodyBucket } from './bodies.ts';

/**
 * An event as `{metadata, event}`, with the provider's own text as `event`, so that no number loses its precision; undefined if its
 * body alone has more than so many bytes.
 */
export function detailOf(event: HandledEvent, maxBytes: number): string | undefined {
  const { body } = event;
  if (body.length > maxBytes) return undefined;
  const isObject = parseObject(body) !== undefined;
  const text = isObject ? body.toString('utf8').replace(/^\uFEFF/, '') : 'null';
  return toDetail(event, isObject ? {} : { bodyBase64: body.toString('base64') }, text);
}

/**
 * The same by reference: `metadata.body` says where the exact bytes are. They are stored again, so that their retention starts now.
 * A body that travels by reference is not parsed at all.
 */
export async function referringDetailOf(event: HandledEvent): Promise<string> {
  const { source, key, body } = event;
  const bodyHash = sha256(body);
  const at = { bucket: bodyBucket, key: await bodies.put({ source, key, body, bodyHash }) };
  return toDetail(event, { body: { ...at, bytes: body.length, sha256: bodyHash } }, 'null');
}

/** `text` is JSON. */
const toDetail = ({ body, ...metadata }: HandledEvent, more: object, text: string): string =>
  `{"metadata":${JSON.stringify({ ...metadata, source: sourceOf(metadata.source), ...more })},"event":${text}}`;
