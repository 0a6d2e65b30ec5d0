import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { status } from '../../cli/ops/status.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

const page = readFileSync('docs/start.md', 'utf8');
const policies = [...page.matchAll(/```json\n(\[[^]*?\])\n```/g)].map(
  ([, text = '']) => JSON.parse(text) as Statement[],
);

const list = (value: string | readonly string[] | undefined): readonly string[] => [value ?? []].flat();
const actions = (policy: readonly Statement[]): readonly string[] => policy.flatMap(({ Action }) => list(Action));
const rolesOf = (policy: readonly Statement[]): readonly string[] =>
  policy
    .filter(({ Action }) => list(Action).includes('sts:AssumeRole'))
    .flatMap(({ Resource }) => list(Resource).map((arn) => arn.replace(/^.*:role\//, '')));

/** The commands of a job of the pipeline that a new repository gets, in their order. */
function commandsOf(job: string): readonly string[] {
  const workflow = readFileSync('examples/new-repository/github/workflows/deploy.yml', 'utf8');
  const [, text = ''] = workflow.split(new RegExp(`^ {2}${job}:\\n`, 'm'));
  const [own = ''] = text.split(/^ {2}\S/m);
  return [...own.matchAll(/run: npm run (.*)$/gm)].map(([, command = '']) => command);
}

describe('the pipeline of a new repository', () => {
  const [deploying = [], looking = []] = policies;

  it('has a role that may only read for what runs before the approval', () => {
    expect(policies).toHaveLength(2);
    expect(rolesOf(looking)).toEqual(['cdk-*-lookup-role-*']);
    expect([...actions(looking)].sort()).toEqual([
      ...['cloudformation:GetTemplate', 'cloudformation:ListStacks', 'sts:AssumeRole'],
    ]);
    // A change set would take the deploy role.
    expect(commandsOf('production-diff')).toEqual(['diff -- --method template', 'upgrade-check']);
  });

  it.each(['staging', 'production'])(
    'has a role that does what %s does, and assumes no role that does anything',
    (job) => {
      expect(commandsOf(job)).toEqual(['diff', 'upgrade-check', 'deploy -- --require-approval never', 'ops -- status']);
      expect([...rolesOf(deploying)].sort()).toEqual(
        ['deploy', 'file-publishing', 'lookup'].map((role) => `cdk-*-${role}-role-*`),
      );
      expect(actions(deploying)).toEqual(expect.arrayContaining([...status.permissions, ...actions(looking)]));
    },
  );
});
