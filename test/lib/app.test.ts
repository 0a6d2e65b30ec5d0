import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeApp } from '../../lib/app.ts';
import type { AppOptions } from '../../lib/app.ts';
import { REPOSITORY } from '../../lib/config/config.ts';
import { stackName } from '../../lib/config/stack-names.ts';
import { config, sourceNames } from '../settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'hookgate-app-'));
afterAll(() => rmSync(directory, { recursive: true }));

const synthesize = (name: string, options: AppOptions = {}) => {
  const outdir = join(directory, name);
  const stack = makeApp(config, { ...options, outdir })
    .synth()
    .getStackByName(stackName(config));
  return { outdir, stack, template: readFileSync(stack.templateFullPath, 'utf8') };
};

describe('the app of a configuration', () => {
  const { outdir, stack, template } = synthesize('checked');

  it("passes CDK's own check of the template, which fails a synth", () => {
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
      pluginReports: unknown;
    };
    expect(report.pluginReports).toStrictEqual([]);
  });

  it('deploys to any account and region', () => {
    expect(stack.environment).toMatchObject({ account: 'unknown-account', region: 'unknown-region' });
  });

  it('has the code of each function where its S3 key says', () => {
    const functions = Object.values(
      (JSON.parse(template) as { Resources: Record<string, LambdaFunction> }).Resources,
    ).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    const keys = new Set(functions.map(({ Properties }) => Properties.Code.S3Key));
    // All verifiers are the same code, and so are all processors; one function measures the age of secrets.
    expect(functions).toHaveLength(2 * sourceNames.length + 1);
    expect(keys.size).toBe(3);
    for (const key of keys) expect(existsSync(join(outdir, `asset.${key.replace('.zip', '')}`, 'index.js'))).toBe(true);
  });

  it('is the same wherever it is made', () => {
    expect(synthesize('again', { validate: false }).template).toBe(template);
    expect(template).not.toContain(REPOSITORY);
  });
});

interface LambdaFunction {
  readonly Type: string;
  readonly Properties: { readonly Code: { readonly S3Key: string } };
}
