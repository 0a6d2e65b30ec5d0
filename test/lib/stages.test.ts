import { describe, expect, it } from '@jest/globals';
import { pascalCase } from '../../lib/constructs/names.ts';
import { sourceNames } from '../settings.ts';
import { resource, resourcesOf, synthesize } from './synth.ts';

const prefixes = sourceNames.map(pascalCase);

/** Resources that hold data, or without which data cannot be read. Buckets are in buckets.test.ts: they outlive every stack. */
const STATEFUL = [
  'AWS::KMS::Key',
  'AWS::DynamoDB::Table',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
  'AWS::Logs::LogGroup',
];
const statefulOf = (template: ReturnType<typeof synthesize>) =>
  Object.entries(resourcesOf(template)).filter(([, { Type }]) => STATEFUL.includes(Type));

describe('a production stage', () => {
  const production = synthesize({ stage: 'production' });

  it('keeps everything stateful when the stack is deleted or a resource replaced', () => {
    expect(statefulOf(production).length).toBeGreaterThan(5 * prefixes.length);
    for (const [, { DeletionPolicy, UpdateReplacePolicy }] of statefulOf(production)) {
      expect({ DeletionPolicy, UpdateReplacePolicy }).toStrictEqual({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      });
    }
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
