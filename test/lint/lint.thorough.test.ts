import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { REPOSITORY } from '../../lib/config/config.ts';
import { lintPlan, oxlintNames, REFUSED_BY_PARSERS } from './plan.ts';
import type { Group } from './plan.ts';
import { runEslint, runOxlint, runTsgolint } from './tools.ts';

let groups: readonly Group[];
let directory: string;

beforeAll(async () => {
  groups = await lintPlan();
  mkdirSync(join(REPOSITORY, '.hookgate'), { recursive: true });
  // Inside the repository, because packages are found there; ignored by git and by the linters.
  directory = mkdtempSync(join(REPOSITORY, '.hookgate/lint-'));
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', include: ['*.ts'] }),
  );
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

it.each(['lib/app.ts', 'lambdas/core/json.ts', 'bin/run.js', '.dependency-cruiser.cjs', 'console/main.tsx'])(
  'every rule that eslint.config.js has for a file is run by a tool (%s)',
  async (file) => {
    const { rules = {} } = (await new ESLint().calculateConfigForFile(file)) as { rules?: Record<string, [number]> };
    const on = Object.keys(rules).filter((rule) => rules[rule]?.[0] !== 0);
    const group =
      groups.find(({ files }) => files.includes(file)) ?? groups.find(({ files }) => files.includes('lib/app.ts'));
    const nameOf = oxlintNames();
    const run = { ...group?.oxlint, ...group?.tsgolint, ...group?.eslint };
    const missed = on.filter((rule) => !(rule in run) && !((nameOf(rule) ?? '') in run));
    expect(on.length).toBeGreaterThan(50);
    expect(missed.filter((rule) => !REFUSED_BY_PARSERS.has(rule))).toEqual([]);
  },
);

describe('a mistake is reported by the tool of its rule', () => {
  /** The group of a file with one file in its place. */
  const grouped = (file: string, name: string, code: string): Group[] => {
    const path = join(directory, name);
    writeFileSync(path, code);
    const group = groups.find(({ files }) => files.includes(file));
    if (!group) throw new Error(`nothing lints ${file}`);
    return [{ ...group, files: [relative(REPOSITORY, path)] }];
  };

  it('by oxlint: typed, untyped, and of the types themselves', async () => {
    const code = `
      export const one: number = 'text';
      export const two = async (): Promise<void> => { Promise.resolve(); };
      export const three = (value: unknown): any => value;
      export const four = \`\${{}}\`;
    `;
    const { passed, report } = await runOxlint(grouped('lib/app.ts', 'typed.ts', code), directory);
    expect(passed).toBe(false);
    for (const name of ['TS2322', 'no-floating-promises', 'no-explicit-any', 'restrict-template-expressions'])
      expect(report).toContain(name);
  });

  it('by oxlint, with the options of eslint.config.js', async () => {
    const code = 'export const text = (n: number): string => `${n}`;\n';
    expect(await runOxlint(grouped('lib/app.ts', 'options.ts', code), directory)).toMatchObject({ passed: true });
  });

  it("by oxlint's type checker, unless a comment allows it", async () => {
    const rule = '@typescript-eslint/no-unsafe-class-instance-assignment';
    const code = `class One { readonly a: number = 1; }\nexport const one = (): One => new One();\n`;
    const wrong = 'export const two: One = { a: 2 };\n';
    const allowed = `// eslint-disable-next-line ${rule} -- a reason\n${wrong}`;
    const found = await runTsgolint(grouped('lib/app.ts', 'instance.ts', code + wrong));
    expect(found.passed).toBe(false);
    expect(found.report).toContain(`instance.ts:3: `);
    expect(found.report).toContain(rule);
    expect(await runTsgolint(grouped('lib/app.ts', 'allowed.ts', code + allowed))).toEqual({
      passed: true,
      report: '',
    });
  });

  it('by ESLint: the purity of the core', async () => {
    const found = await runEslint(
      grouped('lambdas/core/json.ts', 'pure.ts', 'export const now = (): Date => new Date();\n'),
    );
    expect(found.passed).toBe(false);
    expect(found.report).toContain('Time is an argument');
  });
});
