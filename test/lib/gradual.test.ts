import { describe, expect, it } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import type { Template } from 'aws-cdk-lib/assertions';
import { lossesOf } from '../../cli/upgrade-check/changes.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import type { Settings } from '../../lib/config/settings.ts';
import { statementsOf, resource, resourcesOf, synthesize } from './synth.ts';
import type { Resource } from './synth.ts';

const sources = {
  shop: {
    provider: 'stripe',
    targets: [{ name: 'billing', kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:123456789012:billing' }],
  },
  plain: { provider: 'nvsep' },
} as const;
const FUNCTIONS = ['ShopVerifier', 'ShopProcessor', 'ShopToBillingProcessor', 'PlainVerifier', 'PlainProcessor'];

/** The logical id of the version of a function that a template publishes, and how the template refers to its number. */
function versionOf(template: Template, name: string): [logicalId: string, number: unknown] {
  const [version] = Object.entries(resourcesOf(template, 'AWS::Lambda::Version'))
    .filter(([, { Properties }]) => isDeepStrictEqual(Properties.FunctionName, { Ref: name }))
    .map(([logicalId]) => logicalId);
  if (version === undefined) throw new Error(`${name} has no version`);
  return [version, { 'Fn::GetAtt': [version, 'Version'] }];
}

/** The alarm of a version: its logical id ends with the version's. */
function alarmOf(template: Template, start: string): Resource & { readonly logicalId: string } {
  const [found] = Object.entries(resourcesOf(template, 'AWS::CloudWatch::Alarm')).filter(([id]) =>
    id.startsWith(start),
  );
  if (!found) throw new Error(`there is no alarm ${start}`);
  return { logicalId: found[0], ...found[1] };
}

/** The deployment group that moves the alias of a function, and the function. */
function groupOf(template: Template, name: string): [name: unknown, group: Resource] {
  const { Properties, UpdatePolicy } = resource(template, `${name}Alias`) as Resource & {
    readonly UpdatePolicy?: { readonly CodeDeployLambdaAliasUpdate: { readonly DeploymentGroupName: { Ref: string } } };
  };
  const group = UpdatePolicy?.CodeDeployLambdaAliasUpdate.DeploymentGroupName.Ref ?? '';
  return [(Properties.FunctionName as { readonly Ref: string }).Ref, resource(template, group)];
}

const without = synthesize({ sources });
const gradual = synthesize({ sources, gradual: { percent: 10, minutes: 5 } });
const routed = synthesize({ sources, gradual: { percent: 10, minutes: 5, deliveries: true } });

describe('new versions that come into force gradually', () => {
  const properties = (logicalId: string) => resource(gradual, logicalId).Properties;

  it('are called by an alias that CodeDeploy moves', () => {
    gradual.resourceCountIs('AWS::Lambda::Version', FUNCTIONS.length);
    gradual.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', FUNCTIONS.length);
    for (const name of FUNCTIONS) {
      const alias = resource(gradual, `${name}Alias`) as Resource & { readonly UpdatePolicy?: object };
      expect(alias.UpdatePolicy).toHaveProperty('CodeDeployLambdaAliasUpdate.DeploymentGroupName');
    }
  });

  it.each([5, 10, 15, 30] as const)(
    'need no configuration of the account, which has 50 at most: %s minutes',
    (minutes) => {
      const template =
        minutes === 5 ? gradual : synthesize({ sources: { plain: sources.plain }, gradual: { minutes } });
      template.resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 0);
      for (const { Properties } of Object.values(resourcesOf(template, 'AWS::CodeDeploy::DeploymentGroup')))
        expect(Properties.DeploymentConfigName).toBe(`CodeDeployDefault.LambdaCanary10Percent${minutes}Minutes`);
    },
  );

  it('take the events of the queues, and the deliveries if the settings say so', () => {
    for (const name of FUNCTIONS.filter((each) => each.endsWith('Processor')))
      expect(JSON.stringify(properties(`${name}Batches`).FunctionName)).toMatch(
        new RegExp(`"Ref":"${name}Alias".*":live"`),
      );
    const permissions = Object.values(resourcesOf(gradual, 'AWS::Lambda::Permission')).map(
      ({ Properties }) => Properties.FunctionName,
    );
    for (const name of FUNCTIONS.filter((each) => each.endsWith('Verifier'))) {
      expect(permissions).toContainEqual({ Ref: `${name}Alias` });
      expect(permissions).toContainEqual({ 'Fn::GetAtt': [name, 'Arn'] });
    }
    const routes = (template: typeof gradual) => JSON.stringify(resourcesOf(template, 'AWS::ApiGateway::Method'));
    expect(routes(gradual)).toBe(routes(without));
    expect(routes(routed)).toContain('--shop--verifier:live/invocations');
  });

  it.each([
    ['ShopVerifier', 'shop', 'ShopNewVerifierFailsAlarm', 'Unavailable'],
    ['ShopToBillingProcessor', 'shop.billing', 'ShopToBillingNewProcessorFailsAlarm', 'Failed'],
  ])('of %s are taken back by an alarm about that version alone', (name, source, alarm, metric) => {
    const [version, number] = versionOf(gradual, name);
    const { AlarmName, Metrics } = alarmOf(gradual, alarm).Properties;
    // Each version has its own, named by it: a changed alarm would keep the state that the version before has brought it to.
    expect(JSON.stringify(AlarmName)).toContain(JSON.stringify(number));
    const [of, group] = groupOf(gradual, name);
    expect(group.Properties).toMatchObject({
      AlarmConfiguration: { Alarms: [{ Name: AlarmName }], Enabled: true },
      AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] },
    });
    expect(group.DependsOn).toContain(alarmOf(gradual, alarm).logicalId);
    expect(of).toBe(name);
    expect(version.slice(-8)).toBe(alarmOf(gradual, alarm).logicalId.slice(-8));
    const metrics = JSON.stringify(Metrics);
    expect(metrics).toContain(`{"Name":"ExecutedVersion","Value":${JSON.stringify(number)}}`);
    expect(metrics).toContain(
      `{"Name":"source","Value":"${source}"},{"Name":"version","Value":${JSON.stringify(number)}}`,
    );
    for (const counted of [metric, 'Tried', 'Errors']) expect(metrics).toContain(`"MetricName":"${counted}"`);
  });

  it('are moved by a role that can do nothing else', () => {
    const statements = statementsOf(gradual, 'PlainGradualRole');
    expect(statements.flatMap(({ Action }) => Action).filter((action) => !action.startsWith('lambda:'))).toStrictEqual([
      'cloudwatch:DescribeAlarms',
    ]);
    expect(JSON.stringify(statements.filter(({ Action }) => Action !== 'cloudwatch:DescribeAlarms'))).not.toContain(
      '*',
    );
    expect(properties('PlainGradualRole').ManagedPolicyArns).toBeUndefined();
  });

  it('change nothing else of a gateway', () => {
    const [before, after] = [resourcesOf(without), resourcesOf(gradual)];
    const changed = Object.keys(before).filter((logicalId) => !isDeepStrictEqual(before[logicalId], after[logicalId]));
    expect(changed.sort()).toStrictEqual([
      'PlainProcessorBatches',
      'ShopProcessorBatches',
      'ShopToBillingProcessorBatches',
    ]);
    const added = Object.entries(after).filter(([logicalId]) => !(logicalId in before));
    expect([...new Set(added.map(([, { Type }]) => Type))].sort()).toStrictEqual([
      'AWS::CloudWatch::Alarm',
      'AWS::CodeDeploy::Application',
      'AWS::CodeDeploy::DeploymentGroup',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::Alias',
      'AWS::Lambda::Permission',
      'AWS::Lambda::Version',
    ]);
  });

  it('leave nothing behind when they are turned off, also in production', () => {
    const production = { sources: { plain: sources.plain }, stage: 'production' };
    const [before, after] = [production, { ...production, gradual: {} }].map((settings) =>
      resourcesOf(synthesize(settings)),
    );
    const added = Object.entries(after ?? {}).filter(([logicalId]) => !(before && logicalId in before));
    expect(added).toHaveLength(12);
    for (const [, { DeletionPolicy = 'Delete' }] of added) expect(DeletionPolicy).toBe('Delete');
  });

  it('are those of one source if it alone says so', () => {
    const one = synthesize({ sources: { ...sources, plain: { provider: 'nvsep', gradual: {} } } });
    expect(Object.keys(resourcesOf(one, 'AWS::Lambda::Alias'))).toStrictEqual([
      'PlainVerifierAlias',
      'PlainProcessorAlias',
    ]);
  });

  it.each([
    [{ percent: 20 }, 'gradual.percent: must be 10, because CodeDeploy has its ready-made steps for'],
    [{ minutes: 60 }, 'gradual.minutes: must be 5 or 10 or 15 or 30, because CodeDeploy has its ready-made steps for'],
    [{ percents: 10 }, 'did you mean "percent"?'],
    [true, 'gradual: must be an object'],
  ])('are refused with %j', (given, message) => {
    expect(() => resolveConfig({ sources, gradual: given } as unknown as Settings)).toThrow(message);
  });
});

describe('the alarm of a new version', () => {
  const { Metrics, Threshold, EvaluationPeriods } = alarmOf(gradual, 'PlainNewProcessorFailsAlarm').Properties;
  const metrics = Metrics as { Expression?: string; MetricStat?: { Period: number } }[];
  const expression = metrics.find((metric) => metric.Expression !== undefined)?.Expression ?? '';

  /** The expression as CloudWatch computes it: a metric without data is 0, because each is filled. */
  function isOn(counts: { readonly crashed?: number; readonly failed?: number; readonly tried?: number }): boolean {
    const numbers = expression.replaceAll(/FILL\((\w+), 0\)/g, (_, name: keyof typeof counts) =>
      String(counts[name] ?? 0),
    );
    const [, condition = ''] = /^IF\((.+), 1, 0\)$/.exec(numbers.replaceAll(' AND ', ' && ')) ?? [];
    expect(condition).toMatch(/^[\d\s()+*>=&]+$/);
    return Number(runInNewContext(condition)) >= Number(Threshold);
  }

  it('counts over all the minutes in which the version has its part of the calls', () => {
    expect(metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? [])).toStrictEqual([300, 300, 300]);
    expect(EvaluationPeriods).toBe(1);
  });

  it('goes on at the few calls of an ordinary rate: of 30 a minute for three minutes one in ten, all failed', () => {
    expect(isOn({ failed: 9, tried: 9 })).toBe(true);
    expect(isOn({ failed: 3, tried: 3 })).toBe(true);
    expect(isOn({ failed: 2, tried: 2 })).toBe(false);
  });

  it('goes on if each crashes, and nothing of its own is counted', () => {
    expect(isOn({ crashed: 3 })).toBe(true);
    expect(isOn({ crashed: 1, failed: 2, tried: 2 })).toBe(true);
  });

  it('stays off at the few failures of a high rate, and goes on if one kind of event in five fails', () => {
    expect(isOn({ failed: 30, tried: 1000 })).toBe(false);
    expect(isOn({ failed: 199, tried: 1000 })).toBe(false);
    expect(isOn({ failed: 200, tried: 1000 })).toBe(true);
    expect(isOn({})).toBe(false);
  });

  it('is another one after a change, made beside that of the version before, and no reason to stop an upgrade', () => {
    const changed = synthesize({ sources, gradual: { percent: 10, minutes: 5 }, retry: { attempts: 7 } });
    const [before, after] = [gradual, changed].map((template) => alarmOf(template, 'PlainNewProcessorFailsAlarm'));
    expect(after?.logicalId).not.toBe(before?.logicalId);
    const losses = lossesOf(
      'hookgate-dev--plain',
      { Resources: resourcesOf(gradual) },
      { Resources: resourcesOf(changed) },
    );
    expect(losses.filter(({ impact }) => impact !== 'removed')).toStrictEqual([]);
    expect(losses.map(({ logicalId }) => logicalId)).toContain(before?.logicalId);
  });
});
