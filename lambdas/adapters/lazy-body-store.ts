import type { BodyStore } from '../core/ports.ts';
import { bodyStore } from './body-store.ts';
import { CLIENT_BOUNDS } from './clients.ts';

/**
 * The bodies in a bucket, for a function that rarely meets a large body. S3's client is a file of its own in the bundle, and is
 * loaded when the first large body comes: a cold start pays nothing for it.
 */
export function lazyBodyStore(bucket: string): BodyStore {
  let opened: Promise<BodyStore> | undefined;
  const open = (): Promise<BodyStore> =>
    (opened ??= import('#s3').then(({ s3Objects }) => bodyStore(s3Objects(bucket, CLIENT_BOUNDS))));
  return {
    put: async (event) => (await open()).put(event),
    get: async (key) => (await open()).get(key),
  };
}
