import { describe, expect, it } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { ConfigError, resolveConfig } from '../../lib/config/config.ts';
import { checkSurroundings } from '../../lib/surroundings.ts';
import { resourcesOf, synthesizeStacks } from './synth.ts';

const FILE = './examples/eligibility-handler.ts';
const NABLA = { provider: 'nabla' } as const;

const settingsWith = (
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Record<string, never>,
) => ({
  sources: {
    nabla: {
      ...NABLA,
      handler: { file: FILE, permissions: [{ actions, resources, ...(conditions !== undefined && { conditions }) }] },
    },
  },
});

function problems(actions: readonly string[], resources: readonly string[], conditions?: unknown): readonly string[] {
  try {
    resolveConfig(settingsWith(actions, resources, conditions as Record<string, never> | undefined));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The service, what is before the name in the ARN, and an action, of each type of resource whose ARNs have a name. */
const NAMED: Readonly<Record<string, readonly [action: string, before: string]>> = {
  'AWS::CloudWatch::Alarm': ['cloudwatch:DeleteAlarms', 'alarm:'],
  'AWS::CloudWatch::Dashboard': ['cloudwatch:DeleteDashboards', 'dashboard/'],
  'AWS::DynamoDB::Table': ['dynamodb:GetItem', 'table/'],
  'AWS::Events::EventBus': ['events:PutEvents', 'event-bus/'],
  'AWS::Events::Rule': ['events:DisableRule', 'rule/'],
  'AWS::IAM::Role': ['sts:AssumeRole', 'role/'],
  'AWS::Lambda::Function': ['lambda:InvokeFunction', 'function:'],
  'AWS::Logs::LogGroup': ['logs:GetLogEvents', 'log-group:'],
  'AWS::S3::Bucket': ['s3:GetObject', ''],
  'AWS::SNS::Topic': ['sns:Publish', ''],
  'AWS::SQS::Queue': ['sqs:SendMessage', ''],
  'AWS::Scheduler::Schedule': ['scheduler:DeleteSchedule', 'schedule/default/'],
  'AWS::SecretsManager::Secret': ['secretsmanager:GetSecretValue', 'secret:'],
  'AWS::XRay::SamplingRule': ['xray:DeleteSamplingRule', 'sampling-rule/'],
};

const stacks = synthesizeStacks({
  waf: { enabled: true },
  sources: {
    nabla: NABLA,
    osigu: { provider: 'osigu', targets: [{ name: 'x', kind: 'http', url: 'https://a.example' }] },
  },
});
const names = ['Name', 'AlarmName', 'DashboardName', 'FunctionName', 'LogGroupName'];

/** Every ARN of the gateway, with the name that the template says, or one as CloudFormation makes it. */
const arns = stacks.flatMap((stack, index) => {
  const stackName = index === 0 ? 'hookgate-dev' : `hookgate-dev--${index === 1 ? 'nabla' : 'osigu'}`;
  return Object.entries(resourcesOf(Template.fromJSON({ Resources: stack.Resources }))).flatMap(([id, found]) => {
    const [action, before] = NAMED[found.Type] ?? [];
    if (action === undefined || before === undefined) return [];
    const given = names.map((name) => found.Properties[name]).find((name) => typeof name === 'string');
    const rule = (found.Properties.SamplingRule as { RuleName?: string } | undefined)?.RuleName;
    const name = given ?? rule ?? `${stackName}-${id}-1A2B3C4D5E6F`;
    const path = typeof found.Properties.Path === 'string' ? found.Properties.Path.slice(1) : '';
    const service = action.startsWith('sts:') ? 'iam' : (action.split(':')[0] ?? '');
    const place = { s3: '::', iam: ':123456789012:' }[service] ?? 'eu-west-1:123456789012:';
    const end = service === 's3' ? name.toLowerCase() : name;
    return [{ type: found.Type, action, arn: `arn:aws:${service}:${place}${before}${path}${end}` }];
  });
});

describe('the resources of the gateway', () => {
  it('are there, of every type that is named', () => {
    expect(new Set(arns.map(({ type }) => type))).toStrictEqual(new Set(Object.keys(NAMED).sort()));
  });

  it('are refused by their names, and by every pattern that matches one', () => {
    const start = (arn: string): number => arn.indexOf(':', arn.indexOf(':', arn.indexOf(':', 8) + 1) + 1) + 1;
    const someArn = fc.constantFrom(...arns);
    fc.assert(
      fc.property(someArn, fc.infiniteStream(fc.nat({ max: 11 })), ({ action, arn }, dice) => {
        const at = start(arn);
        const roll = (): number => dice.next().value as number;
        const pattern = Array.from(arn.slice(at))
          .map((character) => ({ 0: '*', 1: '?', 2: `*${character}`, 3: `${character}*` })[roll()] ?? character)
          .join('');
        expect([pattern, problems([action], [arn.slice(0, at) + pattern]).length]).toStrictEqual([pattern, 1]);
      }),
      { numRuns: 200 },
    );
    for (const { action, arn } of arns) expect([arn, problems([action], [arn]).length]).toStrictEqual([arn, 1]);
  });

  it('are refused as everything, of every service that the stacks have', () => {
    const services = { 'AWS::ApiGateway': 'apigateway', 'AWS::IAM': 'iam' } as Readonly<Record<string, string>>;
    const types = stacks.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));
    const prefixes = new Set(
      types
        .map((type) => type.split('::').slice(0, 2).join('::'))
        .map((prefix) => services[prefix] ?? prefix.replace('AWS::', '').toLowerCase()),
    );
    expect(prefixes.size).toBeGreaterThan(12);
    const open = [...prefixes].filter((service) => problems([`${service}:DeleteIt`], ['*']).length === 0);
    expect(open).toStrictEqual([]);
  });

  it('are those of another stack, if the gateway is in one', () => {
    const config = resolveConfig(settingsWith(['sqs:SendMessage'], ['arn:aws:sqs:eu-west-1:123456789012:Webhooks-*']));
    expect(() => checkSurroundings({}, config, 'hookgate-dev')).not.toThrow();
    expect(() => checkSurroundings({}, config, 'Webhooks')).toThrow('must name the resources of sqs');
  });
});

describe('a permission', () => {
  const account = '123456789012';
  it.each([
    [['sts:AssumeRole'], `arn:aws:iam::${account}:role/*`],
    [['sts:AssumeRole'], `arn:aws:iam::${account}:role/readers/*`],
    [['sts:AssumeRole'], `arn:aws:iam::${account}:role/cdk-hnb659fds-deploy-role-${account}-eu-west-1`],
    [['kms:Decrypt'], `arn:aws:kms:eu-west-1:${account}:alias/?*`],
    [['kms:Decrypt'], `arn:aws:kms:eu-west-1:${account}:key/????????-*`],
    [['dynamodb:GetItem'], 'arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/table}'],
    [['cloudwatch:DeleteAlarms'], '*'],
    [['scheduler:DeleteSchedule'], '*'],
    [['cloudtrail:StopLogging'], '*'],
    [['apigateway:PATCH'], '*'],
    [['apigateway:DELETE'], 'arn:aws:apigateway:eu-west-1::/restapis/*'],
    [['codebuild:StartBuild'], '*'],
    [['ec2:RunInstances'], '*'],
  ])('for %j on %j is refused', (actions, resource) => {
    expect(problems(actions, [resource])).toStrictEqual([expect.stringMatching(/must name|is refused/)]);
  });

  it.each([
    [['constructor:Get'], 'arn:aws:s3:::patients'],
    [['s3:GetObject'], 'arn:aws:s3:::patients-*/scans/*'],
    [['kms:Decrypt'], `arn:aws:kms:eu-west-1:${account}:key/12345678-1234-1234-1234-123456789012`],
    [['dynamodb:GetItem'], `arn:aws:dynamodb:eu-west-1:${account}:table/patients/index/*`],
    [['dynamodb:GetItem'], `arn:aws:dynamodb:eu-west-1:${account}:table/\${Token[TOKEN.12]}`],
    [['events:PutEvents'], `arn:aws:events:eu-west-1:${account}:event-bus/default`],
    [['cloudwatch:PutMetricData', 'xray:GetTraceSummaries', 'ec2:DescribeSubnets'], '*'],
    [['cloudtrail:LookupEvents', 'textract:AnalyzeDocument'], '*'],
  ])('for %j on %j is taken', (actions, resource) => {
    expect(problems(actions, [resource])).toStrictEqual([]);
  });
});

describe('the conditions of a permission', () => {
  const given = (conditions: unknown) =>
    problems(['dynamodb:GetItem'], ['arn:aws:dynamodb:eu-west-1:123456789012:table/patients'], conditions);

  it.each([
    { StringEquals: { 'aws:PrincipalOrgID': 'o-example' } },
    { 'ForAnyValue:StringLike': { 'aws:CalledVia': ['a*', 'b*'] }, BoolIfExists: { 'aws:SecureTransport': true } },
    { NumericLessThan: { 's3:max-keys': 10 }, Null: { 'aws:TokenIssueTime': 'false' } },
    { ArnLike: { 'aws:SourceArn': '${Token[TOKEN.12]}' } },
  ])('are taken: %j', (conditions) => {
    expect(given(conditions)).toStrictEqual([]);
  });

  // CloudFormation drops such a value, and the permission would be without its condition.
  it.each([undefined, null, Number.NaN, '', [], [undefined], 1n, () => 'a', {}])(
    'are refused with the value %p',
    (value) => {
      const [problem, ...more] = given({ StringEquals: { 'aws:PrincipalOrgID': value } });
      expect([problem, more]).toStrictEqual([expect.stringContaining('without a value there is no condition'), []]);
    },
  );

  it.each([{}, { StringEquals: {} }, { StringEqualz: { a: 'b' } }, { NullIfExists: { a: 'b' } }, 'a'])(
    'are refused: %j',
    (conditions) => {
      expect(given(conditions)).toHaveLength(1);
    },
  );
});

describe('what a role cannot take', () => {
  const table = (at: number): string => `arn:aws:dynamodb:eu-west-1:123456789012:table/patients-of-ward-${at}`;

  it('is refused: a permission that is longer than a policy', () => {
    const tables = Array.from({ length: 150 }, (_, at) => table(at));
    expect(problems(['dynamodb:GetItem'], tables)).toStrictEqual([expect.stringContaining('5500 characters at most')]);
    expect(problems(['dynamodb:GetItem'], tables.slice(0, 70))).toStrictEqual([]);
  });

  it('is refused: more policies than a role has', () => {
    const permissions = Array.from({ length: 900 }, (_, at) => ({
      actions: ['dynamodb:GetItem'],
      resources: [table(at)],
    }));
    const settings = { sources: { nabla: { ...NABLA, handler: { file: FILE, permissions } } } };
    expect(() => resolveConfig(settings)).toThrow('handler.permissions: must have 50000 characters at most');
  });
});
