import { describe, expect, it } from '@jest/globals';
import { lossesOf } from '../../../cli/upgrade-check/changes.ts';
import type { Loss, StackTemplate } from '../../../cli/upgrade-check/changes.ts';
import { checkUpgrade } from '../../../cli/upgrade-check/check.ts';
import { isDangerous } from '../../../cli/upgrade-check/dangers.ts';
import { upgradeText } from '../../../cli/upgrade-check/report.ts';
import type { Resource, Resources } from '../../lib/synth.ts';
import { synthesizeStacks } from '../../lib/synth.ts';

const PLACE = 'eu-central-1 of this account';
const GATEWAY = 'hookgate-test';
const SOURCE = `${GATEWAY}--nvsep`;

/** The stack of a gateway, and the stack of its source, as the installed version makes them. */
function made(production: boolean): ReadonlyMap<string, { readonly Resources: Resources }> {
  const stacks = synthesizeStacks({
    ...{ name: 'hookgate', stage: 'test', production, alarms: { elsewhere: true } },
    sources: { nvsep: { provider: 'nvsep' } },
  });
  const named = stacks.map((template) => {
    const Resources = template.Resources as Resources;
    return ['Ledger' in Resources ? GATEWAY : SOURCE, { Resources }] as const;
  });
  return new Map(named);
}

const next = made(true);

/** The deployed template: as the installed version makes it, but for one resource. */
function deployedBut(stack: string, logicalId: string, change: (resource: Resource) => Partial<Resource>, from = next) {
  const template = from.get(stack);
  const resource = template?.Resources[logicalId];
  if (!template || !resource) throw new Error(`there is no ${stack}/${logicalId}`);
  const changed = { Resources: { ...template.Resources, [logicalId]: { ...resource, ...change(resource) } } };
  return new Map<string, StackTemplate>(from).set(stack, changed);
}

const renamed =
  (property: string) =>
  ({ Properties }: Resource): Partial<Resource> => ({ Properties: { ...Properties, [property]: 'the-old-name' } });

describe('npm run upgrade-check', () => {
  it('has nothing to say if nothing changes', () => {
    const report = checkUpgrade(next, next, true);
    expect(report).toEqual({ compared: [GATEWAY, SOURCE], added: [], left: [], losses: [], others: [] });
    expect(upgradeText(report, PLACE)).toContain('nothing that holds data or that others know is replaced or removed');
  });

  it('does not take new code or another setting of a function for a replacement', () => {
    const deployed = deployedBut(SOURCE, 'NvsepProcessor', ({ Properties }) => ({
      Properties: { ...Properties, MemorySize: 10_240, Code: { S3Bucket: 'b', S3Key: 'old.zip' } },
    }));
    expect(checkUpgrade(deployed, next, true).losses).toEqual([]);
  });

  it.each([
    [GATEWAY, 'Ledger', 'TableName', true],
    [GATEWAY, 'Archive', 'BucketName', true],
    [SOURCE, 'NvsepQueue', 'QueueName', true],
    [SOURCE, 'NvsepSecret', 'Name', true],
    [GATEWAY, 'EventBus', 'Name', false],
    [GATEWAY, 'CriticalAlarms', 'TopicName', false],
  ])('names a planted replacement: %s %s, because its %s changes', (stack, logicalId, property, holdsData) => {
    const { losses } = checkUpgrade(deployedBut(stack, logicalId, renamed(property)), next, true);
    const loss = losses.find((each) => each.logicalId === logicalId);
    expect(loss).toMatchObject({ stack, impact: 'replaced', properties: [property], holdsData });
    expect(losses.some(isDangerous)).toBe(true);
  });

  it('says plainly whether the data is lost', () => {
    const text = (from: typeof next): string =>
      upgradeText(checkUpgrade(deployedBut(GATEWAY, 'Ledger', renamed('TableName'), from), from, true), PLACE);
    expect(text(next)).toMatch(
      /Ledger \(AWS::DynamoDB::Table\) IS REPLACED, because TableName changes\.\n.*stays in the account/,
    );
    expect(text(made(false))).toMatch(/Ledger .* IS REPLACED, because TableName changes\.\n {2}ITS DATA IS LOST/);
  });

  it('names a resource with data that goes, and one without as what it is', () => {
    const gone = deployedBut(GATEWAY, 'Ledger', () => ({}));
    const extra: StackTemplate = {
      Resources: {
        ...gone.get(GATEWAY)?.Resources,
        OldQueue: { Type: 'AWS::SQS::Queue', Properties: {} },
        OldDeployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: 'x' } },
      },
    };
    const { losses } = checkUpgrade(gone.set(GATEWAY, extra), next, true);
    expect(losses.map(({ logicalId, impact, holdsData }) => [logicalId, impact, holdsData])).toEqual([
      ['OldQueue', 'removed', true],
      ['OldDeployment', 'removed', false],
    ]);
    expect(losses.filter(isDangerous)).toHaveLength(1);
    const text = upgradeText({ compared: [GATEWAY], added: [], left: [], losses, others: [] }, PLACE);
    expect(text).toContain('OldQueue (AWS::SQS::Queue) IS REMOVED.\n  ITS DATA IS LOST.');
    expect(text).toContain(`Removed without a loss of data: ${GATEWAY}/OldDeployment`);
  });

  it('does not stop for a replacement that nobody outside of the stack can notice, and names it', () => {
    const routing = (percentage: number): StackTemplate => ({
      Resources: {
        Routing: {
          Type: 'AWS::CodeDeploy::DeploymentConfig',
          Properties: { ComputePlatform: 'Lambda', TrafficRoutingConfig: { canary: percentage } },
        },
      },
    });
    const losses = lossesOf(GATEWAY, routing(10), routing(20));
    expect(losses).toMatchObject([{ logicalId: 'Routing', impact: 'replaced', properties: ['TrafficRoutingConfig'] }]);
    expect(losses.filter(isDangerous)).toEqual([]);
    const text = upgradeText({ compared: [GATEWAY], added: [], left: [], losses, others: [] }, PLACE);
    expect(text).toContain(`known to nobody outside of the stack: ${GATEWAY}/Routing`);
    expect(text).not.toContain('a reason to stop');
  });

  const loss = (type: string, impact: Loss['impact'], holdsData = false): Loss => ({
    ...{ stack: GATEWAY, logicalId: 'One', type, impact, properties: [], holdsData, isKept: false },
  });

  it.each<[type: string, impact: Loss['impact'], isReason: boolean]>([
    // Only its stack knows it.
    ['AWS::IAM::Policy', 'replaced', false],
    ['AWS::Lambda::Permission', 'may be replaced', false],
    // Known by its name or address.
    ['AWS::Lambda::Function', 'replaced', true],
    ['AWS::IAM::Role', 'replaced', true],
    ['AWS::ApiGateway::Resource', 'replaced', true],
    // The address has to be confirmed again; the firewall is off between the two.
    ['AWS::SNS::Subscription', 'replaced', true],
    ['AWS::WAFv2::WebACLAssociation', 'replaced', true],
    // Nobody has said what it is.
    ['Custom::Anything', 'replaced', true],
    ['AWS::New::Thing', 'may be replaced', true],
    // Removed: what the configuration has no use for, or an address that others have written down.
    ['AWS::ApiGateway::Method', 'removed', false],
    ['AWS::CloudWatch::Alarm', 'removed', false],
    ['AWS::ApiGateway::RestApi', 'removed', true],
    ['AWS::SNS::Topic', 'removed', true],
  ])('knows whether the loss matters: %s %s', (type, impact, isReason) => {
    expect(isDangerous(loss(type, impact))).toBe(isReason);
    expect(isDangerous(loss(type, impact, true))).toBe(true);
  });

  it('stops if the API comes under another logical id, since each URL changes with it', () => {
    const { Api, ...others } = next.get(GATEWAY)?.Resources ?? {};
    const deployed = new Map<string, StackTemplate>(next).set(GATEWAY, { Resources: { ...others, OldApi: Api } });
    const dangerous = checkUpgrade(deployed, next, true).losses.filter(isDangerous);
    expect(dangerous.map(({ logicalId, impact }) => [logicalId, impact])).toContainEqual(['OldApi', 'removed']);
    expect(upgradeText(checkUpgrade(deployed, next, true), PLACE)).toMatch(
      /OldApi \(AWS::ApiGateway::RestApi\) IS REMOVED\.\n {2}Whoever knows it .* has to be told/,
    );
  });

  it('follows a replacement to what is made of the replaced resource', () => {
    const [was, is] = ['old', 'new'].map((name) => ({
      Resources: {
        Key: { Type: 'AWS::KMS::Key', Properties: { KeyUsage: name } },
        Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/x', TargetKeyId: { Ref: 'Key' } } },
        Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name } },
        Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: {} } },
      },
    }));
    const losses = lossesOf('s', was ?? {}, is ?? {});
    expect(losses.map(({ logicalId }) => logicalId)).toEqual(expect.arrayContaining(['Bucket', 'Policy']));
  });

  it('names stacks that are new, and those that nothing makes any more', () => {
    const deployed = new Map<string, StackTemplate>([
      [GATEWAY, next.get(GATEWAY) ?? {}],
      [`${GATEWAY}--old`, {}],
    ]);
    const report = checkUpgrade(deployed, next, true);
    expect([report.added, report.left]).toEqual([[SOURCE], [`${GATEWAY}--old`]]);
    expect(upgradeText(report, PLACE)).toContain(`Not in the configuration any more: ${GATEWAY}--old.`);
  });
});
