import type { IncomingMessage, ServerResponse } from 'node:http';
import { HEADERS } from './policy.ts';

/** A file of the page: as it is, and compressed in the ways that browsers read. */
export interface Asset {
  readonly type: string;
  readonly identity: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
}

/** The files of the page by path: `/` and `/assets/…`. */
export type Assets = ReadonlyMap<string, Asset>;

/** The compressions, the best first. */
const ENCODINGS = ['br', 'gzip'] as const;

export function sendAsset({ method, headers }: IncomingMessage, response: ServerResponse, asset: Asset): void {
  const accepted = (headers['accept-encoding'] ?? '').split(/\s*,\s*/);
  const encoding = ENCODINGS.find((each) => accepted.includes(each));
  const content = asset[encoding ?? 'identity'];
  response.writeHead(200, {
    ...HEADERS,
    'content-type': asset.type,
    'content-length': content.length,
    vary: 'accept-encoding',
    ...(encoding && { 'content-encoding': encoding }),
  });
  response.end(method === 'HEAD' ? undefined : content);
}
