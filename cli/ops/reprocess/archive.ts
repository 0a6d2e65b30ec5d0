import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { archivedEvents } from '../../../lambdas/adapters/archive.ts';
import { bodyStore } from '../../../lambdas/adapters/body-store.ts';
import { objectsThrough } from '../../../lambdas/adapters/s3.ts';
import { archivePlace, archivePrefix } from '../../../lambdas/core/archive.ts';
import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import type { BodyStore } from '../../../lambdas/core/ports.ts';
import { OperatorError } from '../../operator-error.ts';
import type { OperatedGateway } from '../gateway.ts';

/** The gateway's archive, as far as a reprocess order reads it. */
export interface ArchiveReader {
  /** The places of a source's batches that were archived from `from` to before `to`, the oldest first. */
  places(source: string, from: Date, to: Date): AsyncGenerator<string>;
  /** The events of a batch. Throws an {@link OperatorError} if the archive does not have it any more. */
  events(place: string): Promise<QueuedEvent[]>;
  readonly bodies: BodyStore;
}

export function archiveReader(gateway: OperatedGateway): ArchiveReader {
  const bucket = gateway.output('ArchiveBucket');
  const client = gateway.client(S3Client);
  const objects = objectsThrough(client, bucket);
  return {
    bodies: bodyStore(objectsThrough(client, gateway.output('BodyBucket'))),

    async *places(source, from, to) {
      // Keys are in the order of the hours.
      const after = hourOf(source, from);
      const last = hourOf(source, to);
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            ...{ Bucket: bucket, Prefix: archivePrefix(source), StartAfter: after },
            ...(token !== undefined && { ContinuationToken: token }),
          }),
        );
        for (const { Key: key = '', LastModified: time = from } of page.Contents ?? []) {
          if (key.slice(0, last.length) > last) return;
          if (time >= from && time < to) yield key;
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },

    async events(place) {
      const object = await objects.get(place);
      if (!object)
        throw new OperatorError(
          `The archive does not have ${place}: its retention is over, or it could not be written.`,
        );
      return archivedEvents(object).flatMap((event) => (event.ok ? [event.value] : []));
    },
  };
}

/** The start of the places of an hour. */
const hourOf = (source: string, time: Date): string => archivePlace(source, time.getTime(), '').replace(/[^/]*$/, '');
