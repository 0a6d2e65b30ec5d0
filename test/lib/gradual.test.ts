import { describe, expect, it } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
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

const without = synthesize({ sources });
const gradual = synthesize({ sources, gradual: { percent: 20, minutes: 5 } });
const routed = synthesize({ sources, gradual: { percent: 20, minutes: 5, deliveries: true } });

describe('new versions that come into force gradually', () => {
  const properties = (logicalId: string) => resource(gradual, logicalId).Properties;

  it('are called by an alias that CodeDeploy moves', () => {
    gradual.hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
      ComputePlatform: 'Lambda',
      TrafficRoutingConfig: { TimeBasedCanary: { CanaryInterval: 5, CanaryPercentage: 20 }, Type: 'TimeBasedCanary' },
    });
    gradual.resourceCountIs('AWS::Lambda::Version', FUNCTIONS.length);
    gradual.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', FUNCTIONS.length);
    for (const name of FUNCTIONS) {
      const alias = resource(gradual, `${name}Alias`) as Resource & { readonly UpdatePolicy?: object };
      expect(alias.UpdatePolicy).toHaveProperty('CodeDeployLambdaAliasUpdate.DeploymentGroupName');
    }
  });

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
    const groups = Object.values(resourcesOf(gradual, 'AWS::CodeDeploy::DeploymentGroup'));
    const watched = JSON.stringify(groups.map(({ Properties }) => Properties.AlarmConfiguration));
    expect(watched).toContain(String(properties(alarm).AlarmName));
    for (const { Properties } of groups)
      expect(Properties.AutoRollbackConfiguration).toMatchObject({
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
      });
    const metrics = JSON.stringify(properties(alarm).Metrics);
    const [version = ''] = Object.entries(resourcesOf(gradual, 'AWS::Lambda::Version'))
      .filter(([, { Properties }]) => JSON.stringify(Properties.FunctionName) === JSON.stringify({ Ref: name }))
      .map(([logicalId]) => logicalId);
    const number = JSON.stringify({ 'Fn::GetAtt': [version, 'Version'] });
    expect(metrics).toContain(`{"Name":"ExecutedVersion","Value":${number}}`);
    expect(metrics).toContain(`{"Name":"source","Value":"${source}"},{"Name":"version","Value":${number}}`);
    expect(metrics).toContain(`"MetricName":"${metric}"`);
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
      'AWS::CodeDeploy::DeploymentConfig',
      'AWS::CodeDeploy::DeploymentGroup',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::Alias',
      'AWS::Lambda::Permission',
      'AWS::Lambda::Version',
    ]);
  });

  it('are those of one source if it alone says so', () => {
    const one = synthesize({ sources: { ...sources, plain: { provider: 'nvsep', gradual: {} } } });
    expect(Object.keys(resourcesOf(one, 'AWS::Lambda::Alias'))).toStrictEqual([
      'PlainVerifierAlias',
      'PlainProcessorAlias',
    ]);
  });

  it.each([
    [{ percent: 100 }, 'gradual.percent: must be a whole number from 1 to 99'],
    [{ minutes: 61 }, 'gradual.minutes: must be a whole number from 1 to 60'],
    [{ percents: 10 }, 'did you mean "percent"?'],
    [true, 'gradual: must be an object'],
  ])('are refused with %j', (given, message) => {
    expect(() => resolveConfig({ sources, gradual: given } as unknown as Settings)).toThrow(message);
  });
});
