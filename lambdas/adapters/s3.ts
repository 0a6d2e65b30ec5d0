import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { traced } from './trace.ts';

/** The objects of one bucket. */
export interface Objects {
  /** Stores an object, in the place of one with the same key. `sha256`, in hex, has S3 refuse other bytes than these. */
  put(key: string, body: Buffer, options: { readonly contentType: string; readonly sha256?: string }): Promise<void>;
  /** The object's bytes; undefined where there is no such key. */
  get(key: string): Promise<Buffer | undefined>;
}

/** A bucket. This module is the only one that draws in S3's client: it is a file of its own in a bundle that rarely needs it. */
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
