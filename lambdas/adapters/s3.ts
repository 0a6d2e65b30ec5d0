import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { traced } from './trace.ts';

/** The objects of one bucket. */
export interface Objects {
  /** Stores an object, over an object with the same key. With `sha256`, in hex, S3 refuses any other bytes. */
  put(key: string, body: Buffer, options: { readonly contentType: string; readonly sha256?: string }): Promise<void>;
  /** The object's bytes; undefined if there is no such key. */
  get(key: string): Promise<Buffer | undefined>;
}

/** A bucket. Only this module imports S3's client, which is a file of its own in a bundle that rarely needs it. */
export const s3Objects = (bucket: string, config: S3ClientConfig): Objects =>
  objectsThrough(traced(new S3Client(config), 'S3'), bucket);

/** A bucket, through a client that is there already. */
export function objectsThrough(client: Pick<S3Client, 'send'>, bucket: string): Objects {
  return {
    async put(key, body, { contentType, sha256 }) {
      await client.send(
        new PutObjectCommand({
          ...{ Bucket: bucket, Key: key, Body: body, ContentType: contentType },
          ...(sha256 !== undefined && { ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64') }),
        }),
      );
    },
    async get(key) {
      try {
        const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return body && Buffer.from(await body.transformToByteArray());
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}
