import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from '@jest/globals';
import { ENV, METRIC } from '../../lambdas/contract.ts';
import { resource, resourcesOf, statementsOf, synthesize } from './synth.ts';

const OPTUM_API = {
  baseUrl: 'https://api.example.com',
  tokenUrl: 'https://login.example.com/token',
  tenantId: 'tenant',
  subscriptionId: 'subscription',
};

const plain = synthesize({ sources: { optum: { provider: 'optum' }, osigu: { provider: 'osigu' } } });
const rotating = synthesize({
  sources: { optum: { provider: 'optum', options: OPTUM_API }, osigu: { provider: 'osigu', secretMaxAgeDays: 30 } },
});

const environmentOf = (template: Template, id: string): Record<string, unknown> =>
  (resource(template, id).Properties.Environment as { Variables: Record<string, unknown> }).Variables;

describe('the rotation of a secret', () => {
  it('is wired where the settings of the subscription are there, and nowhere else', () => {
    expect(Object.keys(resourcesOf(plain, 'AWS::SecretsManager::RotationSchedule'))).toEqual([]);
    expect(Object.keys(resourcesOf(rotating, 'AWS::SecretsManager::RotationSchedule'))).toEqual([
      'OptumRotatorSchedule',
    ]);
    const off = { optum: { provider: 'optum', options: { ...OPTUM_API, rotationDays: 0 } } };
    expect(resourcesOf(synthesize({ sources: off }), 'AWS::SecretsManager::RotationSchedule')).toEqual({});
  });

  it('runs every 30 days, or as the source says, and not at the deployment', () => {
    rotating.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      SecretId: { Ref: 'OptumSecret' },
      RotationLambdaARN: { 'Fn::GetAtt': ['OptumRotator', 'Arn'] },
      RotationRules: { AutomaticallyAfterDays: 30 },
      RotateImmediatelyOnUpdate: false,
    });
    const weekly = { optum: { provider: 'optum', options: { ...OPTUM_API, rotationDays: 7 } } };
    synthesize({ sources: weekly }).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      RotationRules: { AutomaticallyAfterDays: 7 },
    });
  });

  it('can be started by Secrets Manager for that secret, and by nobody else', () => {
    const permissions = Object.values(resourcesOf(rotating, 'AWS::Lambda::Permission')).filter(({ Properties }) =>
      JSON.stringify(Properties.FunctionName).includes('OptumRotator'),
    );
    expect(permissions.map(({ Properties }) => Properties)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': ['OptumRotator', 'Arn'] },
        Principal: 'secretsmanager.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
        SourceArn: { Ref: 'OptumSecret' },
      },
    ]);
  });

  it('may change its own secret, read its credentials, and nothing more', () => {
    const statements = statementsOf(rotating, 'OptumRotatorRole').filter(({ Action }) =>
      JSON.stringify(Action).includes('secretsmanager:'),
    );
    expect(statements.map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      {
        Action: [
          'secretsmanager:GetSecretValue',
          'secretsmanager:PutSecretValue',
          'secretsmanager:UpdateSecretVersionStage',
        ],
        Resource: { Ref: 'OptumSecret' },
      },
      { Action: expect.anything(), Resource: { Ref: 'OptumCredentials' } },
    ]);
    expect(JSON.stringify(statementsOf(rotating, 'OptumVerifierRole'))).not.toContain('OptumCredentials');
  });

  it('that fails raises an alarm', () => {
    const [each] = resource(rotating, 'RotationFailedAlarm').Properties.Metrics as { Expression: string }[];
    expect(each?.Expression).toContain(`SUM(${METRIC.rotationFailed})`);
  });
});

describe('the age of a secret', () => {
  it('is measured every hour for the sources that a person rotates', () => {
    const watched = (template: Template) =>
      (resource(template, 'SecretAgesSchedule').Properties.Target as { readonly Input: string }).Input;
    expect(watched(plain)).toContain('"optum":{"name":"hookgate/dev/optum","maxAgeDays":90}');
    expect(watched(rotating)).toContain('"osigu":{"name":"hookgate/dev/osigu","maxAgeDays":30}');
    expect(watched(rotating)).not.toContain('optum');
    plain.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 hour)' });
  });

  it('is measured by a function that can read no value', () => {
    const actions = statementsOf(plain, 'SecretAgesRole').flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /^(secretsmanager|kms):/.test(action))).toEqual([
      'secretsmanager:ListSecretVersionIds',
    ]);
  });

  it('has an alarm past its limit', () => {
    const [each] = resource(plain, 'SecretAgeAlarm').Properties.Metrics as { Expression: string }[];
    expect(each?.Expression).toContain(`MAX(${METRIC.secretAgeDays})`);
  });
});

describe('the description of a secret', () => {
  it('says whether it is a text or JSON, and of which fields', () => {
    const sources = { osigu: { provider: 'osigu' }, meta: { provider: 'meta' } };
    const template = synthesize({ sources });
    const description = (id: string) => resource(template, id).Properties.Description as string;
    expect(description('OsiguSecret')).toBe('Signing secret of Osigu, as it is: no JSON');
    expect(description('MetaSecret')).toBe('Signing secret of Meta, JSON: {"appSecret", "verifyToken"}');
  });
});

describe('the grace time of the previous secret', () => {
  it('reaches the verifier', () => {
    expect(environmentOf(plain, 'OsiguVerifier')[ENV.previousGraceSeconds]).toBe('86400');
    const sources = { osigu: { provider: 'osigu', previousGraceHours: 0 } };
    expect(environmentOf(synthesize({ sources }), 'OsiguVerifier')[ENV.previousGraceSeconds]).toBe('0');
  });
});
