import { bodyKey } from '../core/large-body.ts';
import type { BodyStore } from '../core/ports.ts';
import type { Objects } from './s3.ts';

/** The bodies in a bucket, each under its source. Their type stays with the event: here they are bytes. */
export const bodyStore = (objects: Objects): BodyStore => ({
  async put(event) {
    const key = bodyKey(event);
    await objects.put(key, event.body, { contentType: 'application/octet-stream', sha256: event.bodyHash });
    return key;
  },
  get: (key) => objects.get(key),
});
