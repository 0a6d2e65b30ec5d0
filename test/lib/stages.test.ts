import { describe, expect, it } from '@jest/globals';
import { pascalCase } from '../../lib/constructs/names.ts';
import settings, { sourceNames } from '../settings.ts';
import { resource, resourcesOf, synthesize } from './synth.ts';

const prefixes = sourceNames.map(pascalCase);

/** Resources that hold data, or without which data cannot be read. */
const STATEFUL = [
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::DynamoDB::Table',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
  'AWS::Logs::LogGroup',
];
const statefulOf = (template: ReturnType<typeof synthesize>) =>
  Object.entries(resourcesOf(template)).filter(([, { Type }]) => STATEFUL.includes(Type));

describe('a production stage', () => {
  const production = synthesize({ ...settings, stage: 'production' });

  it('keeps everything stateful when the stack is deleted or a resource replaced', () => {
    expect(statefulOf(production).length).toBeGreaterThan(5 * prefixes.length);
    for (const [, { DeletionPolicy, UpdateReplacePolicy }] of statefulOf(production)) {
      expect(DeletionPolicy).toMatch(/^Retain(ExceptOnCreate)?$/);
      expect(UpdateReplacePolicy).toBe('Retain');
    }
  });

  it('keeps nothing with a name of its own after a creation that failed: it would be in the way of the next one', () => {
    const named = statefulOf(production).filter(([, { Properties }]) =>
      ['Name', 'LogGroupName', 'QueueName', 'TableName', 'BucketName'].some((property) => property in Properties),
    );
    expect(named.length).toBeGreaterThan(prefixes.length);
    for (const [id, { DeletionPolicy }] of named) expect([id, DeletionPolicy]).toEqual([id, 'RetainExceptOnCreate']);
  });

  it('has a ledger that refuses deletion', () => {
    expect(resource(production, 'Ledger').Properties.DeletionProtectionEnabled).toBe(true);
  });

  it('is whatever stage says so', () => {
    expect(resource(synthesize({ stage: 'live', production: true }), 'Ledger').DeletionPolicy).toBe('Retain');
  });
});

describe('any other stage', () => {
  const dev = synthesize({ stage: 'dev' });

  it('leaves nothing behind', () => {
    for (const [, { DeletionPolicy }] of statefulOf(dev)) expect(DeletionPolicy).toBe('Delete');
    expect(resource(dev, 'Ledger').Properties.DeletionProtectionEnabled).toBe(false);
  });
});
