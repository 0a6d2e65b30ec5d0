import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeApp } from '../../lib/app.ts';
import type { AppOptions } from '../../lib/app.ts';
import { REPOSITORY, resolveConfig } from '../../lib/config/config.ts';
import { stackName } from '../../lib/config/stack-names.ts';
import settings, { sourceNames } from '../settings.ts';

/** The sources of the tests, and one more of a provider that has a source. */
const [provider = ''] = sourceNames;
const config = resolveConfig({ ...settings, sources: { ...settings.sources, twin: { provider } } });

const directory = mkdtempSync(join(tmpdir(), 'hookgate-app-'));
afterAll(() => rmSync(directory, { recursive: true }));

const synthesize = (name: string, options: AppOptions = {}) => {
  const outdir = join(directory, name);
  const { stacks } = makeApp(config, { ...options, outdir }).synth();
  return { outdir, stacks, templates: stacks.map(({ templateFullPath: path }) => readFileSync(path, 'utf8')) };
};

/** The functions of some templates, by their logical ids. */
const functionsOf = (templates: readonly string[]) =>
  templates
    .flatMap((template) => Object.entries((JSON.parse(template) as Made).Resources))
    .filter(([, { Type }]) => Type === 'AWS::Lambda::Function');

describe('the app of a configuration', () => {
  const { outdir, stacks, templates } = synthesize('checked');

  it("passes CDK's own check of the template, which fails a synth", () => {
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
      pluginReports: unknown;
    };
    expect(report.pluginReports).toStrictEqual([]);
  });

  it('deploys to any account and region', () => {
    for (const { environment } of stacks)
      expect(environment).toMatchObject({ account: 'unknown-account', region: 'unknown-region' });
  });

  it('has a stack for what all sources share, and a stack for each source', () => {
    const gateway = stackName(config);
    expect(stacks.map((stack) => stack.stackName).sort()).toStrictEqual(
      [gateway, ...config.sources.map(({ name }) => `${gateway}--${name}`)].sort(),
    );
  });

  it('has the code of each function where its S3 key says', () => {
    const functions = functionsOf(templates);
    const keysOf = (part: RegExp) =>
      new Set(functions.filter(([id]) => part.test(id)).map(([, { Properties }]) => Properties.Code.S3Key));
    const keys = keysOf(/./);
    // A verifier holds its own provider, all processors are the same code, and one function measures the age of secrets.
    const used = new Set(config.sources.map((source) => source.provider.name));
    expect(functions).toHaveLength(2 * config.sources.length + 1);
    expect(keysOf(/Verifier$/).size).toBe(used.size);
    expect(keysOf(/Processor$/).size).toBe(1);
    expect(keys.size).toBe(used.size + 2);
    for (const key of keys) expect(existsSync(join(outdir, `asset.${key.replace('.zip', '')}`, 'index.js'))).toBe(true);
  });

  it('is the same wherever it is made', () => {
    expect(synthesize('again', { validate: false }).templates).toStrictEqual(templates);
    for (const template of templates) expect(template).not.toContain(REPOSITORY);
  });
});

interface LambdaFunction {
  readonly Type: string;
  readonly Properties: { readonly Code: { readonly S3Key: string } };
}

interface Made {
  readonly Resources: Readonly<Record<string, LambdaFunction>>;
}
