import { describe, expect, it } from '@jest/globals';
import settings from '../settings.ts';
import { outputsOf, resource, resourcesOf, statementsOf, synthesize } from './synth.ts';
import type { Statement } from './synth.ts';

const template = synthesize({ sources: { ...settings.sources, own: OWN() } });
const BUCKETS = ['Archive', 'Bodies'];

/** A source with a handler of its own. */
function OWN() {
  return { provider: 'osigu', handler: 'examples/eligibility-handler.ts' } as const;
}

describe.each(BUCKETS)('the bucket %s', (logicalId) => {
  const bucket = resource(template, logicalId);

  it('is encrypted under the gateway’s key, with one data key for many objects', () => {
    expect(bucket.Properties.BucketEncryption).toStrictEqual({
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: {
            SSEAlgorithm: 'aws:kms',
            KMSMasterKeyID: { 'Fn::GetAtt': ['EncryptionKey', 'Arn'] },
          },
        },
      ],
    });
  });

  it('is private, versioned, and knows no access lists', () => {
    expect(bucket.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  it('gives and takes over TLS 1.2 only', () => {
    const policies = Object.values(resourcesOf(template, 'AWS::S3::BucketPolicy')).filter(
      ({ Properties }) => JSON.stringify(Properties.Bucket) === JSON.stringify({ Ref: logicalId }),
    );
    expect(policies).toHaveLength(1);
    const document = policies[0]?.Properties.PolicyDocument as { Statement: Statement[] } | undefined;
    const statements = document?.Statement;
    const denied = { Effect: 'Deny', Action: 's3:*', Principal: { AWS: '*' } };
    expect(statements).toMatchObject([
      { ...denied, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { ...denied, Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } },
    ]);
  });

  it.each([
    ['dev', 'Delete'],
    ['production', 'Retain'],
  ])('goes the way of its key (%s)', (stage, policy) => {
    const deployed = synthesize({ stage });
    for (const id of [logicalId, 'EncryptionKey']) {
      const { DeletionPolicy, UpdateReplacePolicy } = resource(deployed, id);
      expect([DeletionPolicy, UpdateReplacePolicy]).toStrictEqual([policy, policy]);
    }
  });

  it('is named in the outputs', () => {
    expect(Object.values(outputsOf(template)).map(({ Value }) => Value)).toContainEqual({ Ref: logicalId });
  });
});

describe('retention', () => {
  const expiry = (changes: Parameters<typeof synthesize>[0], logicalId: string): unknown => {
    const { LifecycleConfiguration } = resource(synthesize(changes), logicalId).Properties;
    return (LifecycleConfiguration as { Rules: readonly { ExpirationInDays?: number }[] }).Rules;
  };
  const rules = (days: number) => [
    {
      Id: 'Expire',
      Status: 'Enabled',
      ExpirationInDays: days,
      NoncurrentVersionExpiration: { NoncurrentDays: 7 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
    { Id: 'RemoveDeleteMarkers', Status: 'Enabled', ExpiredObjectDeleteMarker: true },
  ];

  it('of the archive is a setting, 30 days by default', () => {
    expect(expiry({}, 'Archive')).toStrictEqual(rules(30));
    expect(expiry({ archive: { retentionDays: 400 } }, 'Archive')).toStrictEqual(rules(400));
  });

  it('of bodies is longer than a message waits, however often it is redriven or released', () => {
    expect(expiry({}, 'Bodies')).toStrictEqual(rules(3 * 14 + 1));
    expect(expiry({ retention: { queueDays: 4 } }, 'Bodies')).toStrictEqual(rules(30));
    expect(expiry({ archive: { retentionDays: 400 } }, 'Bodies')).toStrictEqual(rules(400));
  });
});

describe('least privilege', () => {
  /** The objects and buckets that a role may use, by action. */
  const s3Grants = (role: string): string[] =>
    statementsOf(template, role)
      .flatMap(({ Action, Resource }) => [Action].flat().map((action) => `${action} ${textOf(Resource)}`))
      .filter((grant) => grant.startsWith('s3:'))
      .sort();
  /** An ARN of the template as text: `Bodies/bodies/osigu/*`. */
  const textOf = (value: unknown): string =>
    JSON.stringify(value)
      .replace(/^\{"Fn::Join":\["",\[(.*)\]\]\}$/, '$1')
      .replaceAll(/\{"Fn::GetAtt":\["(\w+)","Arn"\]\}/g, '$1')
      .replaceAll(/[",]/g, '');

  it('a verifier stores the bodies of its source, and reads none', () => {
    expect(s3Grants('OsiguVerifierRole')).toStrictEqual(['s3:PutObject Bodies/bodies/osigu/*']);
    expect(s3Grants('NablaVerifierRole')).toStrictEqual(['s3:PutObject Bodies/bodies/nabla/*']);
  });

  it('a processor gets the bodies of its source, and adds to its part of the archive, which it cannot read', () => {
    expect(s3Grants('OwnProcessorRole')).toStrictEqual([
      's3:GetObject Bodies/bodies/own/*',
      's3:ListBucket Bodies',
      's3:PutObject Archive/archive/own/*',
    ]);
  });

  it('a processor that publishes stores bodies too', () => {
    expect(s3Grants('OsiguProcessorRole')).toStrictEqual([
      's3:GetObject Bodies/bodies/osigu/*',
      's3:ListBucket Bodies',
      's3:PutObject Archive/archive/osigu/*',
      's3:PutObject Bodies/bodies/osigu/*',
    ]);
  });

  it('nobody may delete an object', () => {
    expect(JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy'))).not.toContain('s3:Delete');
  });
});
