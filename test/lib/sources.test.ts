import { describe, expect, it } from '@jest/globals';
import { ENV } from '../../lambdas/contract.ts';
import { pascalCase } from '../../lib/constructs/names.ts';
import { config } from '../settings.ts';
import { outputsOf, resource, resourcesOf, synthesize } from './synth.ts';

const template = synthesize();
const { sources } = config;

const environmentOf = (logicalId: string): unknown =>
  (resource(template, logicalId).Properties.Environment as { Variables: unknown }).Variables;

describe.each(sources)('the pipeline of $name', ({ name, provider, options, windowSeconds }) => {
  const prefix = pascalCase(name);

  it('has functions on Node 24 and arm64, each with its own log group', () => {
    for (const logicalId of [`${prefix}Verifier`, `${prefix}Processor`]) {
      expect(resource(template, logicalId).Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        // Two lines of Lambda's own about each invocation that succeeded would cost more than all others.
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', LogGroup: { Ref: `${logicalId}Logs` } },
      });
    }
  });

  it('gives the verifier what the contract names', () => {
    expect(environmentOf(`${prefix}Verifier`)).toMatchObject({
      [ENV.gateway]: 'hookgate-dev',
      [ENV.source]: name,
      [ENV.provider]: provider.name,
      [ENV.options]: JSON.stringify(options),
      [ENV.windowSeconds]: String(windowSeconds),
      [ENV.maxBodyBytes]: '4669440',
      [ENV.secretArn]: { Ref: `${prefix}Secret` },
      [ENV.ledgerTable]: { Ref: 'Ledger' },
      [ENV.queueUrl]: { Ref: `${prefix}Queue` },
      [ENV.quarantineUrl]: { Ref: `${prefix}Quarantine` },
      [ENV.bodyBucket]: { Ref: 'Bodies' },
    });
  });

  it('gives the processor what the contract names, and a lease longer than its time-out', () => {
    expect(environmentOf(`${prefix}Processor`)).toMatchObject({
      [ENV.source]: name,
      [ENV.windowSeconds]: String(windowSeconds),
      [ENV.ledgerTable]: { Ref: 'Ledger' },
      [ENV.leaseSeconds]: '40',
      [ENV.queueUrl]: { Ref: `${prefix}Queue` },
      [ENV.deadLettersUrl]: { Ref: `${prefix}DeadLetters` },
      [ENV.retry]: JSON.stringify({
        ...{ attempts: 100, firstDelaySeconds: 15, maxDelaySeconds: 1800, retentionSeconds: 14 * 86_400 },
      }),
      [ENV.bodyBucket]: { Ref: 'Bodies' },
      [ENV.archiveBucket]: { Ref: 'Archive' },
      [ENV.busName]: { Ref: 'EventBus' },
    });
    expect(resource(template, `${prefix}Processor`).Properties).toMatchObject({ Timeout: 30 });
  });

  it('feeds the processor from the queue, and lets it fail a part of a batch', () => {
    expect(resource(template, `${prefix}ProcessorBatches`).Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [`${prefix}Queue`, 'Arn'] },
      FunctionName: { Ref: `${prefix}Processor` },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  it('has the processor move what fails for good to the dead-letter queue, and SQS what ends the processor', () => {
    expect(resource(template, `${prefix}Queue`).Properties).toMatchObject({
      RedrivePolicy: { maxReceiveCount: 1000, deadLetterTargetArn: { 'Fn::GetAtt': [`${prefix}DeadLetters`, 'Arn'] } },
      VisibilityTimeout: 6 * 30 + 5,
      MaximumMessageSize: 1024 * 1024,
    });
    expect(resource(template, `${prefix}DeadLetters`).Properties).toMatchObject({
      MessageRetentionPeriod: 14 * 86_400,
    });
  });

  it('has outputs that say where to send and where to store the secret', () => {
    const outputs = outputsOf(template);
    expect(JSON.stringify(outputs[`${prefix}Url`]?.Value)).toContain(`/webhooks/${name}"`);
    expect(outputs[`${prefix}SecretName`]?.Value).toBe(`hookgate/dev/${name}`);
  });

  it('answers before the shortest deadline of a provider, 10 s', () => {
    expect(resource(template, `${prefix}Verifier`).Properties.Timeout).toBeLessThan(10);
  });
});

describe('signing secrets', () => {
  it('are generated where the customer makes them: plain, and hard to guess', () => {
    expect(resource(template, 'OptumSecret').Properties.GenerateSecretString).toStrictEqual({
      PasswordLength: 64,
      ExcludePunctuation: true,
    });
  });

  it('start empty where the provider makes them, so that nothing can be verified with a known value', () => {
    const empty = sources.filter(({ provider }) => provider.secret.madeBy === 'provider');
    expect(empty.length).toBeGreaterThan(0);
    for (const { name } of empty) {
      const { Properties } = resource(template, `${pascalCase(name)}Secret`);
      expect(Object.keys(Properties)).not.toContain('GenerateSecretString');
      expect(Object.keys(Properties)).not.toContain('SecretString');
    }
  });
});

describe('a source with a handler of its own', () => {
  const own = synthesize({ sources: { osigu: { provider: 'osigu', handler: 'examples/eligibility-handler.ts' } } });

  it('has no bus, neither in its environment nor in its role', () => {
    const { Variables } = resource(own, 'OsiguProcessor').Properties.Environment as { Variables: object };
    expect(Object.keys(Variables)).not.toContain(ENV.busName);
    expect(JSON.stringify(resourcesOf(own, 'AWS::IAM::Policy'))).not.toContain('events:PutEvents');
  });
});

describe('settings', () => {
  it('reach the resources', () => {
    const set = synthesize({
      processor: { timeoutSeconds: 60, batchSize: 3, maxConcurrency: 4, batchingWindowSeconds: 20 },
      retention: { queueDays: 7, logDays: 365 },
      sources: {
        'osigu-sandbox': { provider: 'osigu', environment: 'sandbox', windowDays: 5 },
      },
    });
    expect(resource(set, 'OsiguSandboxProcessor').Properties).toMatchObject({
      Timeout: 60,
      Environment: { Variables: { [ENV.leaseSeconds]: '70', [ENV.windowSeconds]: String(5 * 86_400) } },
    });
    expect(resource(set, 'OsiguSandboxVerifier').Properties).toMatchObject({
      Environment: { Variables: { [ENV.source]: 'osigu-sandbox', [ENV.options]: '{"environment":"sandbox"}' } },
    });
    expect(resource(set, 'OsiguSandboxQueue').Properties).toMatchObject({
      VisibilityTimeout: 360 + 20,
      MessageRetentionPeriod: 7 * 86_400,
    });
    expect(resource(set, 'OsiguSandboxProcessorBatches').Properties).toMatchObject({
      BatchSize: 3,
      MaximumBatchingWindowInSeconds: 20,
      ScalingConfig: { MaximumConcurrency: 4 },
    });
    expect(resource(set, 'OsiguSandboxVerifierLogs').Properties).toMatchObject({ RetentionInDays: 365 });
  });

  it('have a source wait for a batch as long as it says, and no target', () => {
    const arn = 'arn:aws:sqs:us-east-1:123456789012:erp';
    const set = synthesize({
      processor: { batchingWindowSeconds: 20 },
      sources: {
        osigu: { provider: 'osigu' },
        nabla: { provider: 'nabla', batchingWindowSeconds: 300, targets: [{ name: 'erp', kind: 'sqs', arn }] },
        honeybee: { provider: 'honeybee', batchingWindowSeconds: 0 },
      },
    });
    const timesOf = (prefix: string) => [
      resource(set, `${prefix}ProcessorBatches`).Properties.MaximumBatchingWindowInSeconds,
      // SQS must not take a message for lost while Lambda gathers its batch.
      Number(resource(set, `${prefix}Queue`).Properties.VisibilityTimeout) -
        6 * Number(resource(set, `${prefix}Processor`).Properties.Timeout),
    ];
    expect(['Osigu', 'Nabla', 'Honeybee', 'NablaToErp'].map(timesOf)).toEqual([
      [20, 20],
      [300, 300],
      [0, 0],
      [0, 0],
    ]);
  });
});
