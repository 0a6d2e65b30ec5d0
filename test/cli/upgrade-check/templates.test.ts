import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CloudFormationClient, GetTemplateCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { deployedTemplates, keptTemplates } from '../../../cli/upgrade-check/templates.ts';
import { temporaryDirectory } from '../../local/temporary.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());

const TEMPLATE = JSON.stringify({ Resources: { A: { Type: 'AWS::SNS::Topic' } } });

describe('templates that were kept', () => {
  it('are those of a directory, by stack', () => {
    mkdirSync(join(directory.path, 'out'));
    directory.write('out/g.template.json', TEMPLATE);
    directory.write('out/g--a.template.json', TEMPLATE);
    directory.write('out/Platform.template.json', TEMPLATE);
    expect([...keptTemplates(join(directory.path, 'out'), 'g').keys()].sort()).toEqual(['g', 'g--a']);
  });

  it('are one file, which is the stack of its name, or else the gateway', () => {
    directory.write('saved.json', TEMPLATE);
    expect([...keptTemplates(join(directory.path, 'saved.json'), 'g').keys()]).toEqual(['g']);
    directory.write('g--a.template.json', TEMPLATE);
    expect([...keptTemplates(join(directory.path, 'g--a.template.json'), 'g').keys()]).toEqual(['g--a']);
  });

  it('have the gateway among them', () => {
    mkdirSync(join(directory.path, 'other'));
    directory.write('other/Platform.template.json', TEMPLATE);
    expect(() => keptTemplates(join(directory.path, 'other'), 'g')).toThrow(
      'no template of the gateway: g.template.json',
    );
  });

  it.each([
    ['none', undefined, /does not exist/],
    ['text.json', 'Resources:\n', /is not a CloudFormation template in JSON/],
    ['list.json', '[]', /is not a CloudFormation template in JSON/],
  ])('have to be templates: %s', (name, content, problem) => {
    if (content !== undefined) directory.write(name, content);
    expect(() => keptTemplates(join(directory.path, name), 'g')).toThrow(problem);
  });
});

describe('templates that are deployed', () => {
  const aws = mockClient(CloudFormationClient);
  beforeEach(() => void aws.reset());

  it('are those of the gateway and its sources, on every page', async () => {
    const summary = (StackName: string) =>
      ({ StackName, CreationTime: new Date(0), StackStatus: 'UPDATE_COMPLETE' }) as const;
    aws
      .on(ListStacksCommand)
      .resolves({ StackSummaries: [summary('g--a'), summary('another')] })
      .on(ListStacksCommand, { NextToken: undefined })
      .resolves({ StackSummaries: [summary('g'), summary('g-2')], NextToken: '2' });
    aws.on(GetTemplateCommand).resolves({ TemplateBody: TEMPLATE });
    const templates = await deployedTemplates(new CloudFormationClient({ region: 'us-east-1' }), 'g');
    expect(templates.get('g')).toEqual(JSON.parse(TEMPLATE));
    expect([...templates.keys()]).toContain('g');
    expect([...templates.keys()]).not.toContain('g-2');
    expect([...templates.keys()]).not.toContain('another');
  });

  it('are none if no stack of the gateway is deployed, and an error if its sources alone are', async () => {
    const client = new CloudFormationClient({ region: 'us-east-1' });
    aws.on(ListStacksCommand).resolves({ StackSummaries: [] });
    expect([...(await deployedTemplates(client, 'g'))]).toEqual([]);
    const CreationTime = new Date(0);
    aws.on(ListStacksCommand).resolves({
      StackSummaries: [{ StackName: 'g--a', CreationTime, StackStatus: 'UPDATE_COMPLETE' }],
    });
    await expect(deployedTemplates(client, 'g')).rejects.toThrow(
      'There is no stack g in this account and region, but g--a',
    );
  });

  it('are not those of a deployment that was rolled back to nothing', async () => {
    aws.on(ListStacksCommand).resolves({ StackSummaries: [] });
    await deployedTemplates(new CloudFormationClient({ region: 'us-east-1' }), 'g');
    const [call] = aws.commandCalls(ListStacksCommand);
    expect(call?.args[0].input.StackStatusFilter).toEqual(expect.arrayContaining(['UPDATE_ROLLBACK_COMPLETE']));
    expect(call?.args[0].input.StackStatusFilter).not.toContain('ROLLBACK_COMPLETE');
  });

  it('cannot be read without the permission', async () => {
    aws.on(ListStacksCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    const client = new CloudFormationClient({ region: 'us-east-1' });
    await expect(deployedTemplates(client, 'g')).rejects.toThrow(/AccessDenied.*cloudformation:GetTemplate/);
  });
});
