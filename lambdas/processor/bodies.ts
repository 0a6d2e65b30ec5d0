import { bodyStore } from '../adapters/body-store.ts';
import { STORE_BOUNDS } from '../adapters/clients.ts';
import { setting } from '../adapters/environment.ts';
import { s3Objects } from '../adapters/s3.ts';

export const bodyBucket = setting('bodyBucket');

/** The large bodies, for what takes them and for code that publishes where they are. */
export const bodies = bodyStore(s3Objects(bodyBucket, STORE_BOUNDS));
