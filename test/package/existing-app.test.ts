import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { App, Aspects, CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { REPOSITORY } from '../../lib/config/config.ts';
import { configFrom, ConfigError, Hookgate, HookgateStack } from '../../package/cdk.ts';
import type { HookgateConfig, HookgateStackProps } from '../../package/cdk.ts';
import { temporaryDirectory } from '../local/temporary.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());

const BOUNDARY = 'arn:aws:iam::123456789012:policy/boundary';
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555';
const BUS = 'arn:aws:events:eu-central-1:210987654321:event-bus/company';
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:pager';
const ENV = { account: '123456789012', region: 'eu-central-1' };

let config: HookgateConfig;
beforeAll(async () => {
  mkdirSync(join(directory.path, 'providers'));
  const template = readFileSync(join(REPOSITORY, 'examples/new-provider/provider.ts'), 'utf8');
  const lambdas = relative(join(directory.path, 'providers'), join(REPOSITORY, 'lambdas'));
  directory.write('providers/acme.ts', template.replaceAll('../../lambdas', lambdas));
  const settings = {
    ...{ stage: 'test', alarms: { elsewhere: true } },
    domain: {
      name: 'hooks.example.com',
      certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555',
    },
    sources: {
      acme: {
        provider: './providers/acme.ts',
        targets: [
          { name: 'billing', kind: 'sqs', arn: 'arn:aws:sqs:eu-central-1:123456789012:billing' },
          { name: 'partner', kind: 'http', url: 'https://partner.example/acme' },
        ],
      },
      nvsep: { provider: 'nvsep' },
    },
  };
  config = await configFrom(directory.write('hookgate.config.mjs', `export default ${JSON.stringify(settings)};\n`));
  mkdirSync(join(directory.path, 'code'));
  writeFileSync(join(directory.path, 'code/index.js'), '');
});

/** An app of a customer's with a network of its own, and the gateway in it. */
function appWith(props: (shared: Stack) => Partial<HookgateStackProps>) {
  const app = new App({ builtinCloudFormationValidation: false });
  const shared = new Stack(app, 'Network', { env: ENV });
  const bundle = () => join(directory.path, 'code');
  const made = new HookgateStack(app, 'Webhooks', { config, bundle, env: ENV, ...props(shared) });
  return { app, shared, made, stacks: [made, ...made.gateway.sources.values()] };
}

const all = (shared: Stack): Omit<HookgateStackProps, 'config'> => ({
  encryptionKey: Key.fromKeyArn(shared, 'Key', KEY),
  eventBus: EventBus.fromEventBusArn(shared, 'Bus', BUS),
  alarmTopics: { critical: Topic.fromTopicArn(shared, 'Pager', TOPIC) },
  hostedZone: HostedZone.fromHostedZoneAttributes(shared, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
  vpc: new Vpc(shared, 'Vpc', { maxAzs: 2 }),
  vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
  permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(shared, 'Boundary', BOUNDARY),
  tags: { team: 'payments' },
});

describe('a CDK app with a network, a permissions boundary, a provider of its own and two targets', () => {
  let templates: Template[];
  let gateway: Template;
  let names: string[];

  beforeAll(() => {
    const { stacks } = appWith(all);
    names = stacks.map(({ stackName }) => stackName);
    templates = stacks.map((stack) => Template.fromStack(stack));
    const [first] = templates;
    if (!first) throw new Error('there is no template');
    gateway = first;
  });

  it('has the gateway under the name that operators look for, with each source beside it', () => {
    expect(names).toEqual(['hookgate-test', 'hookgate-test--acme', 'hookgate-test--nvsep']);
  });

  it('bounds every role', () => {
    for (const template of templates) {
      const roles = Object.values(template.findResources('AWS::IAM::Role'));
      expect(roles.length).toBeGreaterThan(0);
      for (const role of roles) expect(role).toMatchObject({ Properties: { PermissionsBoundary: BOUNDARY } });
    }
  });

  it('runs every function in the network', () => {
    for (const template of templates) {
      const functions = Object.values(template.findResources('AWS::Lambda::Function'));
      expect(functions.length).toBeGreaterThan(0);
      for (const each of functions) {
        const { VpcConfig } = (each as { Properties: { VpcConfig?: { SubnetIds: unknown[] } } }).Properties;
        expect(VpcConfig?.SubnetIds).toHaveLength(2);
      }
    }
    gateway.resourceCountIs('AWS::EC2::SecurityGroup', 1);
  });

  it('makes nothing that the app has already', () => {
    gateway.resourceCountIs('AWS::Events::EventBus', 0);
    gateway.resourceCountIs('AWS::Events::EventBusPolicy', 0);
    expect(Object.keys(gateway.findResources('AWS::KMS::Key')).sort()).toEqual(['EventBusDeadLettersKey', 'RecordKey']);
    expect(Object.keys(gateway.findResources('AWS::SNS::Topic'))).toEqual(['WarningAlarms']);
    expect(JSON.stringify(gateway)).not.toContain('bus-dead-letters');
  });

  it('uses the key, the bus, the topic and the zone', () => {
    gateway.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: KEY } });
    const source = templates[2];
    source?.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: KEY });
    // A bus of another account is named by its ARN: a name alone would be that of a bus of this account.
    source?.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ HOOKGATE_BUS_NAME: BUS }) },
    });
    source?.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [TOPIC] });
    gateway.hasResourceProperties('AWS::Route53::RecordSet', { HostedZoneId: 'Z1', Name: 'hooks.example.com.' });
  });

  it('tags everything', () => {
    for (const template of templates)
      template.allResourcesProperties('AWS::Lambda::Function', {
        Tags: Match.arrayWith([{ Key: 'team', Value: 'payments' }]),
      });
  });
});

it('keeps the logical ids of what holds data, whatever it is in', () => {
  const { stacks } = appWith(all);
  const ids = stacks.flatMap((stack) =>
    Object.keys((Template.fromStack(stack).toJSON() as { Resources: object }).Resources),
  );
  expect(ids).toEqual(
    expect.arrayContaining(['Ledger', 'Archive', 'Bodies', 'Record', 'Api', 'AcmeQueue', 'AcmeSecret']),
  );
});

it('takes tags and aspects of the app', () => {
  const { app, stacks } = appWith(() => ({}));
  Tags.of(app).add('cost-center', '7');
  const seen = new Set<string>();
  Aspects.of(app).add({
    visit: (node) => void seen.add(CfnResource.isCfnResource(node) ? Stack.of(node).stackName : ''),
  });
  for (const stack of stacks)
    Template.fromStack(stack).allResourcesProperties('AWS::SQS::Queue', {
      Tags: Match.arrayWith([{ Key: 'cost-center', Value: '7' }]),
    });
  expect([...seen]).toEqual(expect.arrayContaining(stacks.map(({ stackName }) => stackName)));
});

it('is a part of a stack of the customer’s', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Mine', { stackName: 'hookgate-test' });
  const gateway = new Hookgate(stack, 'Gateway', { config, bundle: () => join(directory.path, 'code') });
  expect([...gateway.sources.keys()]).toEqual(['acme', 'nvsep']);
  expect(Object.keys(Template.fromStack(stack).findResources('AWS::DynamoDB::Table'))).toEqual(['Ledger']);
});

it('refuses a production gateway whose critical alarms reach nobody, unless the app brings a topic for them', () => {
  const unheard = { ...config, production: true, alarms: { ...config.alarms, elsewhere: false } };
  const errors = ({ made }: ReturnType<typeof appWith>) =>
    made.gateway.node.metadata.filter(({ type }) => type === 'aws:cdk:error').map(({ data }) => String(data));
  expect(errors(appWith(() => ({ config: unheard })))).toEqual([expect.stringMatching(/^alarms\.critical: /)]);
  expect(errors(appWith((shared) => ({ ...all(shared), config: unheard })))).toEqual([]);
});

it('refuses surroundings that mean nothing', () => {
  expect(() => appWith(() => ({ vpcSubnets: {}, securityGroups: [] }))).toThrow(ConfigError);
});
