import { describe, expect, it } from '@jest/globals';
import type { SourceSettings } from '../../lib/config/source-settings.ts';
import { resource, statementsOf, synthesize } from './synth.ts';
import type { Statement } from './synth.ts';

const FILE = './examples/eligibility-handler.ts';
const TABLE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/patients';
const FULL = 'arn:aws:secretsmanager:eu-west-1:210987654321:secret:shared/db-AbCdEf';

const templateOf = (handler: SourceSettings['handler']) =>
  synthesize({ sources: { nabla: { provider: 'nabla', ...(handler !== undefined && { handler }) } } });

/** The statements that the means add to those of a handler without any. */
function added(handler: SourceSettings['handler']): Statement[] {
  const known = new Set(statementsOf(templateOf(FILE), 'NablaProcessorRole').map((each) => JSON.stringify(each)));
  const all = statementsOf(templateOf(handler), 'NablaProcessorRole');
  return all.filter((each) => !known.has(JSON.stringify(each)));
}

const secret = (name: string): unknown => ({
  'Fn::Join': [
    '',
    [
      ...['arn:', { Ref: 'AWS::Partition' }, ':secretsmanager:', { Ref: 'AWS::Region' }],
      ...[':', { Ref: 'AWS::AccountId' }, `:secret:${name}`],
    ],
  ],
});

const DENIED = { Effect: 'Deny', Action: 'secretsmanager:*', Resource: secret('hookgate/dev/*') };

describe('a handler with means', () => {
  it('has no more in its template than a path alone, if it has none', () => {
    expect(templateOf({ file: FILE }).toJSON()).toStrictEqual(templateOf(FILE).toJSON());
  });

  it('gets its variables, and the ARNs of its secrets, of which it may read the values', () => {
    const handler = { file: FILE, environment: { MODE: 'fast' }, secrets: { API: 'patients/api', DB: FULL } };
    const { Environment } = resource(templateOf(handler), 'NablaProcessor').Properties as {
      Environment: { Variables: Readonly<Record<string, unknown>> };
    };
    expect(Environment.Variables).toMatchObject({
      ...{ MODE: 'fast', DB: FULL, API: secret('patients/api'), HOOKGATE_SOURCE: 'nabla' },
    });
    expect(added(handler)).toStrictEqual([
      { Action: 'secretsmanager:GetSecretValue', Effect: 'Allow', Resource: [FULL, secret('patients/api-??????')] },
    ]);
  });

  it('may read a secret whose name ends as an ARN does', () => {
    expect(added({ file: FILE, secrets: { DB: 'my-secret' } })).toStrictEqual([
      { Action: 'secretsmanager:GetSecretValue', Effect: 'Allow', Resource: secret('my-secret-??????') },
    ]);
  });

  it('may do what its permissions say and nothing else, and never reads a secret of the gateway', () => {
    const permissions = [{ actions: ['dynamodb:GetItem'], resources: [TABLE] }];
    expect(added({ file: FILE, permissions })).toStrictEqual([
      { Action: 'dynamodb:GetItem', Effect: 'Allow', Resource: TABLE },
      DENIED,
    ]);
  });

  it('gets what a function of the customer grants to its construct', () => {
    const handler: SourceSettings['handler'] = {
      file: FILE,
      grant: (fn) => void fn.addEnvironment('GRANTED', fn.node.id),
    };
    expect(added(handler)).toStrictEqual([DENIED]);
    expect(resource(templateOf(handler), 'NablaProcessor').Properties).toMatchObject({
      Environment: { Variables: { GRANTED: 'NablaProcessor' } },
    });
  });

  it('has its memory, its layers, and a queue that waits for its time-out', () => {
    const layers = ['arn:aws:lambda:eu-west-1:123456789012:layer:sharp:3'];
    const template = templateOf({ file: FILE, memoryMb: 2048, timeoutSeconds: 100, layers });
    expect(resource(template, 'NablaProcessor').Properties).toMatchObject({
      ...{ MemorySize: 2048, Timeout: 100, Layers: layers },
      Environment: { Variables: { HOOKGATE_LEASE_SECONDS: '110' } },
    });
    expect(resource(template, 'NablaQueue').Properties).toMatchObject({ VisibilityTimeout: 600 + 5 });
  });

  it('runs in its network, whose interfaces Lambda may make and its code may not', () => {
    const vpc = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
    const handler = { file: FILE, vpc };
    expect(resource(templateOf(handler), 'NablaProcessor').Properties).toMatchObject({
      VpcConfig: { SubnetIds: vpc.subnetIds, SecurityGroupIds: vpc.securityGroupIds },
    });
    // X-Ray's statement names no resources either, and CDK makes one statement of the two.
    const statements = added(handler);
    const interfaces = (effect: string): string[] =>
      statements
        .filter(({ Effect }) => Effect === effect)
        .flatMap(({ Action }) => Action)
        .filter((action) => action.startsWith('ec2:'))
        .sort();
    expect(interfaces('Allow')).toHaveLength(6);
    expect(interfaces('Deny')).toStrictEqual(interfaces('Allow'));
    // Whatever name CloudFormation makes of those of a stack and a function, it is one of this account.
    const deny = statements.find(({ Effect }) => Effect === 'Deny');
    const { ArnLike } = (deny?.Condition ?? {}) as { ArnLike?: Record<string, unknown> };
    const [pattern] = Object.values(ArnLike ?? {});
    expect(JSON.stringify(pattern)).toMatch(/:function:\*"\]\]\}$/);
  });
});
