import { CloudFormationClient, GetTemplateCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import type { Environment } from 'aws-cdk-lib';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { isDangerous } from '../../../cli/upgrade-check/dangers.ts';
import { upgradeText } from '../../../cli/upgrade-check/report.ts';
import { compareUpgrade } from '../../../cli/upgrade-check/upgrade.ts';
import { temporaryDirectory } from '../../local/temporary.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());

/** A customer's app: stacks by their ids and names. */
type Stacks = readonly (readonly [id: string, name: string, env?: Environment | undefined, stage?: string])[];

let made = 0;
function assemblyOf(stacks: Stacks) {
  made += 1;
  const outdir = join(directory.path, `out-${made}`);
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: false,
  });
  const stages = new Map<string, Stage>();
  for (const [id, stackName, env, stage] of stacks) {
    const scope = stage === undefined ? app : (stages.get(stage) ?? new Stage(app, stage));
    if (scope instanceof Stage && stage !== undefined) stages.set(stage, scope);
    const stack = new Stack(scope, id, { stackName, ...(env && { env }) });
    new CfnResource(stack, 'Topic', { type: 'AWS::SNS::Topic', properties: { TopicName: stackName } });
  }
  return app.synth();
}

const APP: Stacks = [
  ['Platform', 'Platform'],
  ['Webhooks', 'g-prod'],
  ['Webhooks--a', 'g-prod--a'],
  ['Staging', 'g-staging'],
];

const aws = mockClient(CloudFormationClient);

/** Has these stacks deployed, each as the app makes it but for what is said. */
function deploy(names: readonly string[], templates: Readonly<Record<string, object>> = {}): void {
  const CreationTime = new Date(0);
  aws.on(ListStacksCommand).resolves({
    StackSummaries: names.map((StackName) => ({ StackName, CreationTime, StackStatus: 'CREATE_COMPLETE' })),
  });
  for (const name of names) {
    const template = { Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: name } } } };
    const TemplateBody = JSON.stringify(templates[name] ?? template);
    aws.on(GetTemplateCommand, { StackName: name }).resolves({ TemplateBody });
  }
}

beforeEach(() => void aws.reset());
const checked = { gateway: 'g-prod', defaultRegion: 'eu-central-1' };

describe('upgrade-check', () => {
  it('lets the first deployment of a pipeline through', async () => {
    deploy(['Platform']);
    const { report, place } = await compareUpgrade({ assembly: assemblyOf(APP), ...checked });
    expect(report).toMatchObject({ compared: [], added: ['g-prod', 'g-prod--a'], losses: [] });
    expect(report.losses.some(isDangerous)).toBe(false);
    expect(upgradeText(report, place)).toContain(
      'Nothing is deployed yet in eu-central-1 of this account, so nothing can be replaced. A deployment makes g-prod, g-prod--a.',
    );
  });

  it('goes on refusing what it cannot read', async () => {
    aws.on(ListStacksCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    await expect(compareUpgrade({ assembly: assemblyOf(APP), ...checked })).rejects.toThrow(/AccessDenied/);
  });

  it('looks at the gateway in an app with other stacks and another stage, and names those', async () => {
    deploy(['Platform', 'g-prod', 'g-prod--a', 'g-staging'], { Platform: {}, 'g-staging': {} });
    const { report, place } = await compareUpgrade({ assembly: assemblyOf(APP), ...checked });
    expect(report).toEqual({
      ...{ compared: ['g-prod', 'g-prod--a'], added: [], left: [], losses: [] },
      others: ['Platform', 'g-staging'],
    });
    expect(upgradeText(report, place)).toContain('Not looked at, because not of the gateway: Platform, g-staging.');
  });

  it('finds a replacement in the stacks of the gateway, and a new source', async () => {
    const renamed = { Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'old' } } } };
    deploy(['g-prod'], { 'g-prod': renamed });
    const { report } = await compareUpgrade({ assembly: assemblyOf(APP), ...checked });
    expect(report.added).toEqual(['g-prod--a']);
    expect(report.losses).toMatchObject([{ stack: 'g-prod', logicalId: 'Topic', impact: 'replaced' }]);
  });

  it('refuses an assembly without the gateway: it would have nothing to say of it', async () => {
    deploy([]);
    const assembly = assemblyOf([['Platform', 'Platform']]);
    await expect(compareUpgrade({ assembly, ...checked })).rejects.toThrow(
      'The assembly has no stack g-prod, but Platform: name the gateway',
    );
  });

  it('reads an assembly that was kept, whatever the ids of its stacks are', async () => {
    const template = assemblyOf(APP).directory;
    const { report } = await compareUpgrade({ assembly: assemblyOf(APP), ...checked, template });
    expect(report).toMatchObject({ compared: ['g-prod', 'g-prod--a'], left: [], losses: [] });
  });

  it('asks which, if the app has the gateway in two regions, and looks in the region of the app', async () => {
    const [account, name] = ['123456789012', 'g-prod'];
    const [eu, us] = ['eu-west-1', 'us-east-1'].map((region) => [`G-${region}`, name, { account, region }] as const);
    if (!eu || !us) throw new Error('there are two');
    deploy([]);
    const assembly = assemblyOf([eu, us]);
    await expect(compareUpgrade({ assembly, ...checked })).rejects.toThrow('eu-west-1, us-east-1: choose one');
    expect((await compareUpgrade({ assembly, ...checked, region: 'us-east-1' })).place).toMatch(/^us-east-1 /);
    expect((await compareUpgrade({ assembly: assemblyOf([eu]), ...checked })).place).toMatch(/^eu-west-1 /);
  });

  it('asks which, if two stages of the app have it', async () => {
    const assembly = assemblyOf([
      ['G', 'g-prod', undefined, 'One'],
      ['G', 'g-prod', undefined, 'Two'],
    ]);
    await expect(compareUpgrade({ assembly, ...checked })).rejects.toThrow('cdk.out/assembly-<stage>');
  });
});
