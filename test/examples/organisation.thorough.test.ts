import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEAM_BUS_ARN, TEAM_QUEUE_ARN } from '../../examples/organisation/accounts.ts';
import settings from '../../examples/organisation/hookgate.config.ts';
import { TeamStack } from '../../examples/organisation/team-stack.ts';
import { makeApp } from '../../lib/app.ts';
import { resolveConfig } from '../../lib/config/config.ts';

const directory = mkdtempSync(join(tmpdir(), 'hookgate-organisation-'));
const outdir = join(directory, 'cdk.out');
let gateway: string;
let team: Template;

beforeAll(() => {
  const code = join(directory, 'code');
  mkdirSync(code);
  writeFileSync(join(code, 'index.js'), 'exports.handler = async () => {};\n');
  const assembly = makeApp(resolveConfig(settings), { outdir, validate: false, bundle: () => code }).synth();
  gateway = JSON.stringify(assembly.stacks.map(({ template }) => template as unknown));
  const app = new App({ outdir: join(directory, 'team') });
  team = Template.fromStack(new TeamStack(app, 'billing-events'));
  writeFileSync(join(outdir, 'team.template.json'), JSON.stringify(team.toJSON()));
});
afterAll(() => rmSync(directory, { recursive: true }));

it('lets the gateway’s functions send to the other account, and that account lets in no others', () => {
  for (const [action, arn] of [
    ['sqs:SendMessage', TEAM_QUEUE_ARN],
    ['events:PutEvents', TEAM_BUS_ARN],
  ])
    expect(gateway).toMatch(new RegExp(`"Action":"${action}"[^}]*(\\}[^}]*)*"Resource":"${arn}"`));
  // The path is the one that the roles have: a gateway of another name or stage would not be let in.
  expect(gateway).toContain('"Path":"/hookgate-production/processor/"');
  const policies = ['AWS::SQS::QueuePolicy', 'AWS::Events::EventBusPolicy'].flatMap((type) =>
    Object.values(team.findResources(type)),
  );
  for (const policy of policies)
    expect(JSON.stringify(policy)).toContain(
      '"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/hookgate-production/processor/*"}',
    );
  expect(policies).toHaveLength(2);
});

const linter = spawnSync('cfn-lint', ['--version']);

(linter.error ? it.skip : it)(
  'is what CloudFormation takes, by cfn-lint',
  () => {
    const templates = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
    const args = ['--regions', 'us-east-1', '--', ...templates.map((name) => join(outdir, name))];
    const { status, stdout, stderr } = spawnSync('cfn-lint', args, { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toStrictEqual({ status: 0, stdout: '', stderr: '' });
  },
  60_000,
);
