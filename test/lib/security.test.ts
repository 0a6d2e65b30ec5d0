import { describe, expect, it } from '@jest/globals';
import { LEDGER, webhookPath } from '../../lambdas/contract.ts';
import { bindsBodies } from '../../lambdas/core/provider.ts';
import { pascalCase } from '../../lib/constructs/names.ts';
import { config, sourceNames } from '../settings.ts';
import { resource, resourcesOf, statementsOf, synthesize } from './synth.ts';
import type { Statement } from './synth.ts';

const template = synthesize();
const prefixes = sourceNames.map(pascalCase);
const bindingPrefixes = new Set(
  config.sources.filter(({ provider, options }) => bindsBodies(provider, options)).map(({ name }) => pascalCase(name)),
);
const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const KEY = arn('EncryptionKey');
const OTHER_KEY = arn('EventBusDeadLettersKey');

/** Each action of the statements with the resources that it is allowed on; for the key also the service that it goes through. */
const grants = (statements: readonly Statement[]): string[] =>
  statements
    .flatMap(({ Action, Resource, Condition }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().map((on) => {
          const name = /"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/.exec(JSON.stringify(on))?.[1] ?? JSON.stringify(on);
          const through = /"kms:ViaService":\{"Fn::Join":\["",\["(\w+)\."/.exec(JSON.stringify(Condition ?? {}))?.[1];
          return [action, 'on', name, ...(through === undefined ? [] : ['through', through])].join(' ');
        }),
      ),
    )
    .sort();

/** The key permissions that DynamoDB demands of whoever uses a table under a customer-managed key. */
const TABLE_KEY = [
  ...['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'],
  ...['ReEncryptFrom', 'ReEncryptTo'],
].map((action) => `kms:${action} on EncryptionKey through dynamodb`);

/** X-Ray has no resources that a policy could name. */
const TRACING = ['xray:PutTelemetryRecords on "*"', 'xray:PutTraceSegments on "*"'];

describe('least privilege', () => {
  it.each(prefixes)(
    'a verifier reads its own secret, claims, and sends to its own queue and quarantine (%s)',
    (prefix) => {
      expect(grants(statementsOf(template, `${prefix}VerifierRole`))).toStrictEqual(
        [
          // A delivery without the id that nothing signs is looked up by its body.
          ...(bindingPrefixes.has(prefix) ? ['dynamodb:GetItem on Ledger'] : []),
          'dynamodb:PutItem on Ledger',
          'dynamodb:UpdateItem on Ledger',
          ...TABLE_KEY,
          'kms:Decrypt on EncryptionKey through secretsmanager',
          'kms:Decrypt on EncryptionKey through sqs',
          'kms:GenerateDataKey on EncryptionKey through s3',
          'kms:GenerateDataKey on EncryptionKey through sqs',
          's3:PutObject on Bodies',
          `logs:CreateLogStream on ${prefix}VerifierLogs`,
          `logs:PutLogEvents on ${prefix}VerifierLogs`,
          `secretsmanager:GetSecretValue on ${prefix}Secret`,
          `sqs:SendMessage on ${prefix}Queue`,
          `sqs:SendMessage on ${prefix}Quarantine`,
          ...TRACING,
        ].sort(),
      );
    },
  );

  it.each(prefixes)('a processor takes from its own queue, leases and publishes (%s)', (prefix) => {
    const expected = [
      'dynamodb:GetItem on Ledger',
      'dynamodb:UpdateItem on Ledger',
      'events:PutEvents on EventBus',
      ...TABLE_KEY,
      'kms:Decrypt on EncryptionKey through s3',
      'kms:Decrypt on EncryptionKey through sqs',
      'kms:GenerateDataKey on EncryptionKey through s3',
      `logs:CreateLogStream on ${prefix}ProcessorLogs`,
      `logs:PutLogEvents on ${prefix}ProcessorLogs`,
      's3:GetObject on Bodies',
      's3:ListBucket on Bodies',
      's3:PutObject on Archive',
      's3:PutObject on Bodies',
      'kms:GenerateDataKey on EncryptionKey through sqs',
      `sqs:ChangeMessageVisibility on ${prefix}Queue`,
      // Dead letters of an outage go back by themselves.
      ...['Delete', 'Receive', 'Send'].map((verb) => `sqs:${verb}Message on ${prefix}DeadLetters`),
      ...['ChangeMessageVisibility', 'GetQueueAttributes'].map((verb) => `sqs:${verb} on ${prefix}DeadLetters`),
      `sqs:SendMessage on ${prefix}Queue`,
      `sqs:DeleteMessage on ${prefix}Queue`,
      `sqs:GetQueueAttributes on ${prefix}Queue`,
      `sqs:ReceiveMessage on ${prefix}Queue`,
      ...TRACING,
    ];
    expect(grants(statementsOf(template, `${prefix}ProcessorRole`))).toStrictEqual(expected.sort());
  });

  it('no role of a function has a wildcard or a managed policy', () => {
    const statements = Object.values(resourcesOf(template, 'AWS::IAM::Policy')).flatMap(
      ({ Properties }) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement,
    );
    expect(statements.filter(({ Action }) => [Action].flat().some((action) => action.includes('*')))).toEqual([]);
    // X-Ray has no resources that a policy could name.
    const everywhere = statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);
    expect([...new Set(everywhere)].sort()).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']);
    const managed = Object.entries(resourcesOf(template, 'AWS::IAM::Role')).filter(
      ([, { Properties }]) => Properties.ManagedPolicyArns !== undefined,
    );
    // API Gateway's own role, for its logs, is the account's.
    expect(managed.map(([logicalId]) => logicalId)).toStrictEqual([
      expect.stringMatching(/^HookgateApiCloudWatchRole/),
    ]);
  });

  it('only the API invokes a verifier, and only by its route', () => {
    const permissions = Object.values(resourcesOf(template, 'AWS::Lambda::Permission')).map(({ Properties }) => {
      const [, verifier] = /"(\w+Verifier)"/.exec(JSON.stringify(Properties.FunctionName)) ?? [];
      const [, route] = /"\/dev\/(\w+\/webhooks\/[^"]+)"/.exec(JSON.stringify(Properties.SourceArn)) ?? [];
      return `${String(Properties.Principal)} calls ${verifier ?? '?'} for ${route ?? '?'}`;
    });
    const expected = config.sources.flatMap(({ name, provider }) =>
      provider.methods.map(
        (method) => `apigateway.amazonaws.com calls ${pascalCase(name)}Verifier for ${method}${webhookPath(name)}`,
      ),
    );
    expect(permissions.sort()).toStrictEqual(expected.sort());
  });
});

describe('the event bus', () => {
  it('denies putting events to whoever is not a processor of the gateway', () => {
    const { Statement } = resource(template, 'EventBusPolicy').Properties as unknown as { Statement: Statement };
    expect(Statement).toMatchObject({ Effect: 'Deny', Action: 'events:PutEvents', Principal: { AWS: '*' } });
    expect(JSON.stringify(Statement.Condition)).toContain(':role/hookgate-dev/processor/*');
    const inPath = Object.entries(resourcesOf(template, 'AWS::IAM::Role')).filter(
      ([, { Properties }]) => Properties.Path === '/hookgate-dev/processor/',
    );
    expect(inPath.map(([id]) => id).sort()).toStrictEqual(prefixes.map((prefix) => `${prefix}ProcessorRole`).sort());
  });
});

describe('encryption', () => {
  it('has a key of its own, rotated', () => {
    expect(resource(template, 'EncryptionKey').Properties).toMatchObject({ EnableKeyRotation: true });
  });

  it.each([
    ['AWS::SQS::Queue', 'KmsMasterKeyId', 3 * prefixes.length],
    ['AWS::SecretsManager::Secret', 'KmsKeyId', prefixes.length],
    ['AWS::Logs::LogGroup', 'KmsKeyId', 2 * prefixes.length],
    ['AWS::Events::EventBus', 'KmsKeyIdentifier', 1],
  ])('every %s is under it', (type, property, atLeast) => {
    const all = Object.entries(resourcesOf(template, type));
    expect(all.length).toBeGreaterThanOrEqual(atLeast);
    for (const [logicalId, { Properties }] of all) {
      expect(Properties[property]).toStrictEqual(logicalId === 'EventBusDeadLetters' ? OTHER_KEY : KEY);
    }
  });

  it('keeps the topics of the alarms under another key, whose failure they do not report', () => {
    const keys = Object.entries(resourcesOf(template, 'AWS::SNS::Topic')).map(([id, { Properties }]) => [
      id,
      Properties.KmsMasterKeyId,
    ]);
    expect(Object.fromEntries(keys)).toStrictEqual({
      ...{ CriticalAlarms: OTHER_KEY, WarningAlarms: OTHER_KEY },
      // Told of the failure of the other two topics' key.
      KeyAlarms: arn('RecordKey'),
    });
  });

  it('keeps what could not be encrypted for the bus under another key', () => {
    expect(resource(template, 'EventBus').Properties.DeadLetterConfig).toStrictEqual({
      Arn: arn('EventBusDeadLetters'),
    });
    const [statement] = /\{[^{]*"kms:Decrypt","kms:GenerateDataKey".*/.exec(
      JSON.stringify(resource(template, 'EventBusDeadLettersKey').Properties.KeyPolicy),
    ) ?? [''];
    expect(statement).toContain('events.amazonaws.com');
    expect(statement).toContain(':event-bus/hookgate-dev');
  });

  it('every queue takes and gives over TLS only', () => {
    const policies = Object.values(resourcesOf(template, 'AWS::SQS::QueuePolicy'));
    expect(policies).toHaveLength(Object.keys(resourcesOf(template, 'AWS::SQS::Queue')).length);
    for (const { Properties } of policies) {
      expect((Properties.PolicyDocument as { Statement: Statement[] }).Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 'sqs:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    }
  });
});

describe('the ledger', () => {
  it('expires items by the attribute that the code writes', () => {
    expect(resource(template, 'Ledger').Properties).toMatchObject({
      TimeToLiveSpecification: { AttributeName: LEDGER.ttl, Enabled: true },
      KeySchema: [{ AttributeName: LEDGER.partitionKey, KeyType: 'HASH' }],
    });
  });

  it('is on demand, encrypted, and can be restored to any point in time', () => {
    expect(resource(template, 'Ledger').Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: KEY },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });
});
