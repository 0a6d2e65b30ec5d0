import { describe, expect, it } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { resolveConfig } from '../../lib/config/config.ts';
import { samplingRuleName, sourceStackName, stackName, verifierName } from '../../lib/config/stack-names.ts';
import { resourcesOf, synthesizeStacks } from './synth.ts';
import type { Resource } from './synth.ts';

/** The name in a resource's properties, and the most characters that its service takes: the reference of its API. */
interface NameRule {
  readonly of: (properties: Resource['Properties']) => unknown;
  readonly most: number;
}

const property =
  (...path: readonly string[]): NameRule['of'] =>
  (properties) =>
    path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], properties);

/** The limits are those of the call that makes each, in the API reference of its service: `CreateFunction`, `PutMetricAlarm`, … */
const RULES: Readonly<Record<string, readonly NameRule[]>> = {
  'AWS::ApiGateway::Deployment': [{ of: property('Description'), most: 1024 }],
  'AWS::ApiGateway::RestApi': [{ of: property('Name'), most: 1024 }],
  'AWS::ApiGateway::Stage': [{ of: property('StageName'), most: 128 }],
  'AWS::CloudWatch::Alarm': [
    { of: property('AlarmName'), most: 255 },
    { of: property('AlarmDescription'), most: 1024 },
  ],
  'AWS::CloudWatch::Dashboard': [{ of: property('DashboardName'), most: 255 }],
  'AWS::Events::EventBus': [{ of: property('Name'), most: 256 }],
  'AWS::Events::Rule': [{ of: property('Description'), most: 512 }],
  'AWS::IAM::Role': [{ of: property('Path'), most: 512 }],
  'AWS::IAM::Policy': [{ of: property('PolicyName'), most: 128 }],
  'AWS::KMS::Key': [{ of: property('Description'), most: 8192 }],
  'AWS::Lambda::Function': [
    { of: property('FunctionName'), most: 64 },
    { of: property('Description'), most: 256 },
  ],
  'AWS::Logs::LogGroup': [{ of: property('LogGroupName'), most: 512 }],
  'AWS::Scheduler::Schedule': [{ of: property('Description'), most: 512 }],
  'AWS::SecretsManager::Secret': [
    { of: property('Name'), most: 512 },
    { of: property('Description'), most: 2048 },
  ],
  'AWS::SNS::Topic': [{ of: property('DisplayName'), most: 100 }],
  'AWS::WAFv2::WebACL': [
    { of: property('Name'), most: 128 },
    { of: property('VisibilityConfig', 'MetricName'), most: 128 },
  ],
  'AWS::XRay::SamplingRule': [
    { of: property('SamplingRule', 'RuleName'), most: 32 },
    { of: property('SamplingRule', 'ServiceName'), most: 64 },
  ],
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const STACK_NAME = 128;
const LOGICAL_ID = 255;
const OUTPUT = 255;

/** As long as the configuration lets each be: a test of the configuration's own would fail if one could be longer. */
const [NAME, STAGE, SOURCE, TARGET] = ['n'.repeat(20), 's'.repeat(20), 'q'.repeat(32), 't'.repeat(24)];
const settings = {
  ...{ name: NAME, stage: STAGE, waf: { enabled: true } },
  alarms: { critical: ['on-call@example.com'] },
  sources: {
    [SOURCE]: {
      ...{ provider: 'osigu', silenceAlarmHours: 1 },
      targets: [{ name: TARGET, kind: 'http' as const, url: 'https://example.com/' }],
    },
  },
};

describe('with the longest names that the configuration takes', () => {
  it('they are the longest', () => {
    const longer = [
      { ...settings, name: `${NAME}n` },
      { ...settings, stage: `${STAGE}s` },
      { ...settings, sources: { [`${SOURCE}q`]: { provider: 'osigu' } } },
      {
        ...settings,
        sources: {
          q: { provider: 'osigu', targets: [{ name: `${TARGET}t`, kind: 'http' as const, url: 'https://a.example' }] },
        },
      },
    ];
    for (const each of longer) expect(() => resolveConfig(each)).toThrow('characters at most');
  });

  const stacks = synthesizeStacks(settings);
  const resources = stacks.flatMap(({ Resources }) => Object.entries(resourcesOf(Template.fromJSON({ Resources }))));

  it('every name and description in the templates is one that its service takes', () => {
    const found = new Set<string>();
    for (const [id, { Type, Properties }] of resources) {
      expect([id, id.length <= LOGICAL_ID]).toStrictEqual([id, true]);
      for (const { of, most } of RULES[Type] ?? []) {
        const name = of(Properties);
        if (typeof name !== 'string') continue;
        found.add(Type);
        expect([id, name, name.length <= most]).toStrictEqual([id, name, true]);
      }
    }
    expect([...found].sort()).toStrictEqual(Object.keys(RULES).sort());
    for (const { Outputs = {} } of stacks)
      for (const id of Object.keys(Outputs)) expect([id, id.length <= OUTPUT]).toStrictEqual([id, true]);
    expect(sourceStackName(stackName(settings), SOURCE).length).toBeLessThanOrEqual(STACK_NAME);
  });

  it('there is a rule for every type that has a name in its template', () => {
    const named = resources.filter(([, { Type, Properties }]) => {
      const kind = Type.split('::')[2] ?? '';
      return [`${kind}Name`, 'Name', 'Description'].some((key) => typeof Properties[key] === 'string');
    });
    expect(new Set(named.map(([, { Type }]) => Type).filter((type) => !(type in RULES)))).toStrictEqual(new Set());
  });

  it('two long names stay different', () => {
    const [one, other] = [`${NAME}-${STAGE}`, `${NAME}-${STAGE.slice(1)}t`];
    expect(samplingRuleName(one)).not.toBe(samplingRuleName(other));
    expect(verifierName(one, SOURCE)).not.toBe(verifierName(other, SOURCE));
    expect(samplingRuleName('hookgate-dev')).toBe('hookgate-dev');
  });
});
