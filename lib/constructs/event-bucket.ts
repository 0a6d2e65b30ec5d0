import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { HookgateConfig } from '../config/config.ts';
import { grantThrough } from './encryption-key.ts';
import { nameInTemplate } from './names.ts';

export interface EventBucketProps {
  readonly key: IKey;
  readonly production: boolean;
  /** Days for which an object is kept. */
  readonly retentionDays: number;
}

/**
 * Days for which a large body is kept. A message waits for `queueDays` at most, in its queue and its dead-letter queue together,
 * and for as long again after each redrive and after its release from quarantine: two such, and a day. Whoever got the body's
 * place from the bus has as long as for the archive.
 */
export const bodyDays = ({ archive, retention }: HookgateConfig): number =>
  Math.max(archive.retentionDays, 3 * retention.queueDays + 1);

/** Days for which an object that was deleted or overwritten can be brought back. */
const UNDO_DAYS = 7;

/** The settings of every bucket of the gateway: private, over TLS only, with versions. */
export const PRIVATE_BUCKET = {
  // One data key for many objects: without it each of them costs a call of KMS.
  bucketKeyEnabled: true,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  versioned: true,
} as const;

/**
 * A bucket of events or of their bodies: encrypted under the gateway's key, private, over TLS only, and emptied by its own
 * rules. It goes the way of its key: both outlive the stack in a production stage, and neither does in any other. CloudFormation
 * deletes no bucket that has objects, and no key that a bucket still uses: whoever deletes the stack empties the bucket first.
 */
export class EventBucket extends Bucket {
  private readonly key: IKey;

  constructor(scope: Construct, id: string, { key, production, retentionDays }: EventBucketProps) {
    super(scope, id, {
      ...PRIVATE_BUCKET,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      lifecycleRules: [
        {
          id: 'Expire',
          expiration: Duration.days(retentionDays),
          noncurrentVersionExpiration: Duration.days(UNDO_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        { id: 'RemoveDeleteMarkers', expiredObjectDeleteMarker: true },
      ],
      removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.key = key;
    nameInTemplate(this, id);
  }

  /** Lets objects be stored whose keys start so. */
  grantStore(grantee: IGrantable, prefix: string): void {
    this.allow(grantee, 's3:PutObject', prefix);
    grantThrough(this.key, 's3', grantee, 'kms:GenerateDataKey');
  }

  /** Lets objects be read whose keys start so. Of one that is missing S3 says so only to who may list the bucket. */
  grantGet(grantee: IGrantable, prefix: string): void {
    this.allow(grantee, 's3:GetObject', prefix);
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucketArn] });
    grantThrough(this.key, 's3', grantee, 'kms:Decrypt');
  }

  private allow(grantee: IGrantable, action: string, prefix: string): void {
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [this.arnForObjects(`${prefix}*`)] });
  }
}
