import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { HookgateConfig } from '../config/config.ts';
import { stackName } from '../config/stack-names.ts';
import { PRIVATE_BUCKET } from './event-bucket.ts';
import { nameInTemplate } from './names.ts';

/**
 * The record of what operators did: a bucket to which entries are added and in which nothing is changed, under a key of its own. An
 * entry is an object; S3 lets one writer alone make the object of a number, and the policy lets nobody write in any other way. In a
 * production stage not even the account's administrator can delete or replace an entry before its time. No function may use it.
 */
export class OperatorRecord extends Construct {
  readonly bucketName: string;
  readonly key: Key;

  constructor(scope: Construct, id: string, config: HookgateConfig) {
    super(scope, id);
    const { production, retention } = config;
    const removalPolicy = production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const key = new Key(this, 'Key', {
      description: `Record of the operators of the webhook gateway ${stackName(config)}`,
      enableKeyRotation: true,
      pendingWindow: Duration.days(production ? 30 : 7),
      removalPolicy,
    });
    const bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE_BUCKET,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      objectLockEnabled: true,
      objectLockDefaultRetention: production
        ? ObjectLockRetention.compliance(Duration.days(retention.recordDays))
        : ObjectLockRetention.governance(Duration.days(1)),
      removalPolicy,
    });
    bucket.addToResourcePolicy(deny('NewEntriesAlone', ['s3:PutObject'], bucket, ONLY_NEW));
    if (production) bucket.addToResourcePolicy(deny('NoEntryIsDeleted', DELETING, bucket));
    nameInTemplate(key, `${id}Key`);
    nameInTemplate(bucket, id);
    this.bucketName = bucket.bucketName;
    this.key = key;
  }
}

/** A write that would also replace an object (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html). */
const ONLY_NEW = { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } };

const DELETING = ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'];

const deny = (
  sid: string,
  actions: string[],
  bucket: Bucket,
  conditions?: Record<string, Record<string, string>>,
): PolicyStatement =>
  new PolicyStatement({
    ...{ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, resources: [bucket.arnForObjects('*')] },
    ...(conditions && { conditions }),
  });
