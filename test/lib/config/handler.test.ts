import { describe, expect, it } from '@jest/globals';
import { ConfigError, REPOSITORY, resolveConfig } from '../../../lib/config/config.ts';
import type { HandlerSettings } from '../../../lib/config/source-settings.ts';

const FILE = './examples/eligibility-handler.ts';
const TABLE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/patients';

const resolved = (handler: HandlerSettings | string) =>
  resolveConfig({ sources: { it: { provider: 'nabla', handler } } });

function problems(means: object): readonly string[] {
  try {
    resolved({ file: FILE, ...means });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('a handler', () => {
  it('is the path of its file, and then has no means', () => {
    const [source] = resolved(FILE).sources;
    expect(source?.handler).toBe(`${REPOSITORY}examples/eligibility-handler.ts`);
    expect(source).not.toHaveProperty('means');
  });

  it('has the means that are said, and no other', () => {
    const grant = (): void => undefined;
    const given = {
      environment: { API_URL: 'https://api.example.com' },
      secrets: { API_KEY: 'patients/api' },
      permissions: [{ actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources: [TABLE, `${TABLE}/index/*`] }],
      ...{ grant, memoryMb: 2048, timeoutSeconds: 60 },
      vpc: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
      layers: ['arn:aws:lambda:eu-west-1:123456789012:layer:sharp:3'],
    };
    const [source] = resolved({ file: FILE, ...given }).sources;
    expect(source?.handler).toBe(`${REPOSITORY}examples/eligibility-handler.ts`);
    expect(source?.means).toStrictEqual(given);
  });
});

describe('the file of a handler', () => {
  it.each(['a.ts', 'a.js', 'a.mts', 'a.mjs', 'a.cts', 'a.cjs'])('may be %s', (name) => {
    // Nothing is wrong with it but that it does not exist.
    expect(problems({ file: `./nowhere/${name}` })).toStrictEqual([
      expect.stringContaining('must be a file that exists'),
    ]);
  });

  it.each(['a.tsx', 'a.json', 'a.py', 'cjs'])('may not be %s', (name) => {
    expect(problems({ file: `./nowhere/${name}` })).toStrictEqual([
      expect.stringContaining('must be the path of a module'),
    ]);
  });
});

describe('the means of a handler', () => {
  it.each([
    [{ enviroment: {} }, 'handler: unknown key "enviroment"; allowed: file, environment, secrets'],
    [{ file: './nowhere.ts' }, 'handler.file: must be a file that exists; given: "./nowhere.ts"'],
    [{ environment: { AWS_REGION: 'x' } }, 'handler.environment.AWS_REGION: the name "AWS_REGION" is reserved'],
    [{ environment: { HOOKGATE_SOURCE: 'x' } }, 'the name "HOOKGATE_SOURCE" is reserved'],
    [{ environment: { NODE_OPTIONS: '--inspect' } }, 'the name "NODE_OPTIONS" is reserved'],
    [{ environment: { 'a-b': 'x' } }, 'the name must be two letters, digits or underscores at least'],
    [{ environment: { LONG: 'x'.repeat(2100) } }, 'handler.environment: must take 2048 bytes at most'],
    [{ environment: { KEY: '' }, secrets: { KEY: 'a' } }, 'handler.secrets.KEY: is in environment too'],
    [{ secrets: { KEY: 'a b' } }, 'handler.secrets.KEY: must be the name or the ARN of a secret'],
    [{ secrets: { KEY: 'hookgate/dev/it' } }, 'handler.secrets.KEY: must not be a secret of the gateway itself'],
    [{ memoryMb: 128 }, 'handler.memoryMb: must be a whole number from 512 to 10240; given: 128'],
    [{ timeoutSeconds: 901 }, 'handler.timeoutSeconds: must be a whole number from 5 to 900; given: 901'],
    [{ vpc: { subnetIds: [], securityGroupIds: ['sg-01234567'] } }, 'handler.vpc.subnetIds: must name a subnet'],
    [{ vpc: { subnetIds: 'subnet-01234567', securityGroupIds: ['sg-01234567'] } }, 'subnetIds: must be a list; given:'],
    [{ vpc: { subnetIds: ['net-1'], securityGroupIds: ['sg-01234567'] } }, 'must be the id of a subnet'],
    [{ layers: ['sharp'] }, 'handler.layers.0: must be the ARN of a version of a layer'],
    [{ grant: 'all' }, 'handler.grant: must be a function that gets the construct'],
  ])('%j is refused', (means, message) => {
    expect(problems(means)).toStrictEqual([expect.stringContaining(message)]);
  });

  it.each([
    [['*'], [TABLE], 'actions.0: must be an action of IAM with its service'],
    [['*:*'], [TABLE], 'actions.0: must be an action of IAM with its service'],
    [['dynamodb:*'], [TABLE], 'actions.0: must be an action of IAM with its service'],
    [['iam:PassRole'], [TABLE], 'actions.0: is refused'],
    [['kms:PutKeyPolicy'], [TABLE], 'actions.0: is refused'],
    [['lambda:UpdateFunctionCode'], [TABLE], 'actions.0: is refused'],
    [['dynamodb:GetItem'], ['*'], 'resources.0: must name the resources of dynamodb'],
    [
      ['secretsmanager:GetSecretValue'],
      ['arn:aws:secretsmanager:*:*:secret:*'],
      'must name the resources of secretsmanager',
    ],
    [['sqs:SendMessage'], ['arn:aws:sqs:us-east-1:123456789012:*'], 'must name the resources of sqs'],
    [['dynamodb:GetItem'], ['patients'], 'resources.0: must be an ARN, or "*"'],
    [[], [TABLE], 'actions: must name an action'],
  ])('a permission for %j on %j is refused', (actions, resources, message) => {
    expect(problems({ permissions: [{ actions, resources }] })).toStrictEqual([expect.stringContaining(message)]);
  });

  it.each([
    [['kms:Decrypt', 's3:Get*'], ['arn:aws:s3:::patients/*']],
    [['sts:AssumeRole'], ['arn:aws:iam::123456789012:role/reader']],
    [['comprehendmedical:DetectEntitiesV2'], ['*']],
  ])('a permission for %j on %j is taken', (actions, resources) => {
    expect(problems({ permissions: [{ actions, resources }] })).toStrictEqual([]);
  });
});
