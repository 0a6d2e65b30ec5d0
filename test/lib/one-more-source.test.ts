import { describe, expect, it } from '@jest/globals';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeApp } from '../../lib/app.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import type { Settings } from '../../lib/config/settings.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';
import settings from '../settings.ts';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

/** The templates of a configuration's stacks, by the stacks' names. */
function templatesOf(sources: Settings['sources']): ReadonlyMap<string, Template> {
  const directory = mkdtempSync(join(tmpdir(), 'hookgate-more-'));
  try {
    const code = join(directory, 'code');
    mkdirSync(code);
    writeFileSync(join(code, 'index.js'), '');
    const options = { outdir: join(directory, 'cdk.out'), validate: false, bundle: () => code };
    const { stacks }: CloudAssembly = makeApp(resolveConfig({ stage: 'dev', sources }), options).synth();
    return new Map(stacks.map(({ stackName, template }) => [stackName, template as Template]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const { sources: all } = withFakeProviders(settings, 'https://api.example.com');
const { optum, osigu, nabla, honeybee } = all;
if (!optum || !osigu || !nabla || !honeybee) throw new Error('the tests have a source of these providers');
const before = { osigu, nabla };

/** The resources of the shared stack that say which sources there are, and are changed in place when one comes or goes. */
const CHANGED_IN_PLACE = [
  ...['AWS::ApiGateway::Stage', 'AWS::Scheduler::Schedule', 'AWS::WAFv2::WebACL', 'AWS::WAFv2::LoggingConfiguration'],
  ...['AWS::CloudWatch::Alarm', 'AWS::ApiGateway::RestApi', 'AWS::WAFv2::IPSet'],
];

describe.each<[what: string, name: string, source: Settings['sources'][string]]>([
  ['a plain source', 'honeybee', honeybee],
  ['a source that polls and rotates', 'optum', optum],
  ['a source with an allow list', 'listed', { provider: 'nabla', allowList: ['203.0.113.0/24'] }],
  ['a source whose name is the start of the names of others', 'n', { provider: 'nabla' }],
])('a gateway with %s more', (_what, name, source) => {
  const one = templatesOf(before);
  const more = templatesOf({ [name]: source, ...before });

  it('has one stack more, and those of the other sources are as they were, to the byte', () => {
    const added = [...more.keys()].filter((stack) => !one.has(stack));
    expect(added).toStrictEqual([`hookgate-dev--${name}`]);
    for (const other of Object.keys(before)) {
      const stack = `hookgate-dev--${other}`;
      expect(one.get(stack)).toBeDefined();
      expect(JSON.stringify(more.get(stack))).toBe(JSON.stringify(one.get(stack)));
    }
  });

  it('has more in the shared stack than before, and nothing less: the deployment of the API alone is another', () => {
    const [from, to] = [one, more].map((templates) => templates.get('hookgate-dev'));
    const removed = Object.entries(from?.Resources ?? {}).filter(([id]) => !(id in (to?.Resources ?? {})));
    expect(removed.map(([, { Type }]) => Type)).toStrictEqual(['AWS::ApiGateway::Deployment']);
    const added = Object.entries(to?.Resources ?? {}).filter(([id]) => !(id in (from?.Resources ?? {})));
    const types = new Set(added.map(([, { Type }]) => Type));
    for (const type of ['AWS::ApiGateway::Deployment', 'AWS::ApiGateway::Resource', 'AWS::ApiGateway::Method'])
      types.delete(type);
    expect([...types]).toStrictEqual(source.allowList ? ['AWS::WAFv2::IPSet'] : []);
    expect(to?.Outputs).toStrictEqual(from?.Outputs);
  });

  it('changes nothing of the shared stack but what says which sources there are', () => {
    const [from, to] = [one, more].map((templates) => templates.get('hookgate-dev')?.Resources ?? {});
    const changed = Object.entries(from ?? {}).filter(
      ([id, resource]) => to?.[id] && JSON.stringify(to[id]) !== JSON.stringify(resource),
    );
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.map(([, { Type }]) => Type).filter((type) => !CHANGED_IN_PLACE.includes(type))).toStrictEqual([]);
  });
});
