import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { opsCommand } from '../../../cli/ops/command.ts';
import { OPERATIONS } from '../../../cli/ops/operations.ts';
import { resolveConfig } from '../../../lib/config/config.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const config = resolveConfig({
  sources: {
    osigu: {
      provider: 'osigu',
      targets: [
        { name: 'billing', kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:123456789012:billing' },
        { name: 'partner', kind: 'http', url: 'https://partner.example/osigu' },
      ],
    },
  },
});
const stack = mockClient(CloudFormationClient);
const secrets = mockClient(SecretsManagerClient);
const metrics = mockClient(CloudWatchClient);

async function ops(...line: string[]) {
  const [printed, errors, codes]: [string[], string[], number[]] = [[], [], []];
  await opsCommand({
    ...{ env: {}, loadConfig: () => config, clock: () => NOW, newId: () => 'id', via: 'test' },
    readSecret: () => Promise.reject(new Error('none is asked for')),
    print: (text) => void printed.push(text),
    printError: (text) => void errors.push(text),
    exit: (code) => void codes.push(code),
  }).parseAsync(line, { from: 'user' });
  return { code: codes[0], text: printed.join('\n'), error: errors.join('\n') };
}

const at = (time: string): Date => new Date(`2026-11-${time}Z`);
const whsec = (text: string): string => `whsec_${Buffer.alloc(32, text).toString('base64')}`;
const SOURCE = 'hookgate/dev/osigu';
const TARGET = 'hookgate/dev/osigu.partner';

/** Has a secret hold values by their stages, each with the day on which it was made. */
function holds(SecretId: string, values: Readonly<Record<string, readonly [value: string, made: string]>>): void {
  secrets.on(ListSecretVersionIdsCommand, { SecretId }).resolves({
    Versions: Object.entries(values).map(([stage, [, made]]) => ({
      ...{ VersionId: `${stage}-of-it`, VersionStages: [stage], CreatedDate: at(made) },
    })),
  });
  for (const [VersionStage, [value]] of Object.entries(values))
    secrets
      .on(GetSecretValueCommand, { SecretId, VersionStage })
      .resolves({ SecretString: value, VersionId: VersionStage });
}

beforeEach(() => {
  for (const mock of [stack, secrets, metrics]) mock.reset();
  metrics.on(GetMetricDataCommand).resolves({});
  const Outputs = [
    { OutputKey: 'OsiguSecretName', OutputValue: SOURCE },
    { OutputKey: 'OsiguToPartnerSecretName', OutputValue: TARGET },
  ];
  stack.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackName: 'any', CreationTime: at('01T00:00:00'), StackStatus: 'CREATE_COMPLETE', Outputs }],
  });
  holds(SOURCE, { AWSCURRENT: ['the-current-secret', '22T06:00:00'] });
  holds(TARGET, {
    AWSCURRENT: [whsec('now'), '20T12:00:00'],
    AWSPENDING: [whsec('next'), '22T11:00:00'],
    AWSPREVIOUS: [whsec('before'), '01T12:00:00'],
  });
});

describe('secret status', () => {
  it('lists the sources, and the targets that sign, and no other target', async () => {
    const { code, text } = await ops('secret', 'status', '--json');
    expect(code).toBe(0);
    const listed = JSON.parse(text) as { source: string; signs?: boolean }[];
    expect(listed.map(({ source, signs }) => [source, signs])).toEqual([
      ['osigu', undefined],
      ['osigu.partner', true],
    ]);
    const { output } = OPERATIONS.find(({ name }) => name === 'secret status') ?? {};
    expect(output?.parse(listed)).toEqual(listed);
  });

  it('says of a target what signs, and since or until when, but not what is accepted', async () => {
    const { code, text } = await ops('secret', 'status', 'osigu.partner', '--json');
    expect(code).toBe(0);
    const version = (label: string, stage: string, createdAt: string, ageDays: number) => ({
      ...{ label, versionId: `${stage}-of-it`, createdAt, ageDays, signsSince: createdAt, flaw: null },
    });
    expect(JSON.parse(text)).toEqual([
      {
        ...{ source: 'osigu.partner', secret: TARGET, rotation: 'by hand', signs: true },
        versions: [
          { ...version('current', 'AWSCURRENT', '2026-11-20T12:00:00.000Z', 2), signs: true },
          { ...version('pending', 'AWSPENDING', '2026-11-22T11:00:00.000Z', 0), signs: true },
          {
            ...version('previous', 'AWSPREVIOUS', '2026-11-01T12:00:00.000Z', 21),
            ...{ signs: false, signsUntil: '2026-11-21T12:00:00.000Z' },
          },
        ],
      },
    ]);
    expect(metrics.commandCalls(GetMetricDataCommand)).toHaveLength(0);
  });

  it('says so in words, and which versions sign during a rotation', async () => {
    const { text } = await ops('secret', 'status', 'osigu.partner');
    expect(text).not.toMatch(/accepted|matched|never/);
    expect(text).toMatch(/current .* since 2026-11-20T12:00:00.000Z/);
    expect(text).toMatch(/previous .* no longer/);
    expect(text).toContain('Each request to osigu.partner is signed with current and pending');
  });

  it.each([
    ['a placeholder', 'CHANGE_ME', 'is a placeholder'],
    ['not one that signs', 'a text that somebody has stored', 'is not one that osigu.partner signs with'],
  ])('reports a secret of a target that is %s', async (_name, value, flaw) => {
    holds(TARGET, { AWSCURRENT: [value, '20T12:00:00'] });
    const { code, text } = await ops('secret', 'status');
    expect(code).toBe(1);
    expect(text).toContain(`no: it ${flaw}`);
    expect(text).toContain('and nothing is signed with it: npm run ops -- secret set osigu.partner');
    expect(text).not.toContain(value);
  });

  it('reports a target without a secret', async () => {
    holds(TARGET, {});
    const { code, text } = await ops('secret', 'status');
    expect(code).toBe(1);
    expect(text).toContain('Next: osigu.partner has no secret yet: npm run ops -- secret set osigu.partner');
  });

  it('is told of a target that does not sign', async () => {
    const { code, error } = await ops('secret', 'status', 'osigu.billing');
    expect([code, error]).toEqual([1, 'osigu.billing has no secret: only what goes to a URL is signed.']);
  });
});
