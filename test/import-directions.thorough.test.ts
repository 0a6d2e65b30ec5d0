import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Linter } from 'eslint';

const run = promisify(execFile);
const root = process.cwd();
const bin = (name: string): string => join(root, 'node_modules/.bin', name);
const config = join(root, '.dependency-cruiser.cjs');

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

/** The broken rules of a tree, by the same tool and the same rules as `npm run check`. */
async function violations(cwd: string, folders: readonly string[]): Promise<string[]> {
  const args = [...folders, '--config', config, '--output-type', 'json'];
  const { stdout } = await run(bin('depcruise'), args, { cwd, maxBuffer: 64 * 2 ** 20 });
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[]; totalCruised: number } };
  expect(summary.totalCruised).toBeGreaterThan(0);
  return summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
}

/** One broken import for each rule: [rule, file, its code]. */
const BROKEN: readonly (readonly [rule: string, file: string, code: string])[] = [
  ['core-is-pure', 'lambdas/core/aws.ts', `import '@aws-sdk/client-sqs';`],
  ['core-is-pure', 'lambdas/core/files.ts', `import 'node:fs';`],
  ['core-is-pure', 'lambdas/core/type.ts', `import type { P } from '../providers/p.ts'; export type Q = P;`],
  ['providers-are-pure', 'lambdas/providers/http.ts', `import 'node:http';`],
  ['providers-are-pure', 'lambdas/providers/adapter.ts', `import '../adapters/a.ts';`],
  ['contract-imports-nothing', 'lambdas/contract.ts', `import './core/c.ts';`],
  ['adapters-know-no-provider-and-no-handler', 'lambdas/adapters/provider.ts', `import '../providers/p.ts';`],
  ['lambdas-know-no-desk', 'lambdas/verifier/desk.ts', `import '../../lib/l.ts';`],
  ['lambdas-know-no-desk', 'lambdas/verifier/config.ts', `import '../../hookgate.config.ts';`],
  ['lambdas-bundle-no-desk-package', 'lambdas/verifier/cdk.ts', `import 'aws-cdk-lib';`],
  ['lambdas-bundle-no-desk-package', 'lambdas/verifier/sqs.ts', `import 'aws-cdk-lib/aws-sqs';`],
  ['lambdas-know-no-desk', 'lambdas/verifier/command.ts', `import '../../cli/c.ts';`],
  ['desk-names-handlers-by-path', 'lib/handler.ts', `import '../lambdas/verifier/handler.ts';`],
  ['desk-names-handlers-by-path', 'local/handler.ts', `import '../lambdas/verifier/handler.ts';`],
  ['lib-is-the-cdk-app', 'lib/command.ts', `import '../cli/c.ts';`],
  ['lib-is-the-cdk-app', 'lib/gateway.ts', `import type { G } from '../local/g.ts'; export type H = G;`],
  ['cli-runs-against-any-gateway', 'cli/gateway.ts', `import '../local/g.ts';`],
  ['local-knows-no-benchmark', 'local/measured.ts', `import '../bench/m.ts';`],
  ['console-stands-apart', 'console/command.ts', `import '../cli/c.ts';`],
  ['nothing-imports-the-console', 'cli/page.ts', `import '../console/right.ts';`],
  ['nothing-imports-the-package', 'cli/door.ts', `import '../package/p.ts';`],
  ['bin-starts-things-and-nothing-else', 'lib/bin.ts', `import '../bin/b.ts';`],
  ['code-imports-no-test', 'lib/test.ts', `import '../test/t.ts';`],
  ['tests-have-their-own-configuration', 'test/own.test.ts', `import '../hookgate.config.ts';`],
  ['tests-have-their-own-configuration', 'test/loaded.ts', `import '../lib/load-config.ts';`],
  ['no-dev-dependency-in-a-lambda', 'lambdas/verifier/dev.ts', `import 'dev-only';`],
  ['no-circle', 'lib/about.ts', `import './round.ts';`],
  ['no-circle', 'lib/type-about.ts', `import type { R } from './type-round.ts'; export type A = R;`],
  ['nothing-unresolved', 'lib/missing.ts', `import './nowhere.ts';`],
];

/** Imports that are right, and what the broken ones point at. */
const RIGHT: readonly (readonly [file: string, code: string])[] = [
  ['lambdas/core/c.ts', `import 'node:crypto'; import 'node:buffer'; export const c = 1;`],
  ['lambdas/providers/p.ts', `import 'node:crypto'; import '../core/c.ts'; export type P = string;`],
  ['lambdas/adapters/a.ts', `import '../core/c.ts'; import 'runtime';`],
  [
    'lambdas/verifier/handler.ts',
    `import '../adapters/a.ts'; import '../providers/p.ts'; import type {} from 'dev-only';`,
  ],
  ['lib/l.ts', `import '../lambdas/core/c.ts'; import 'runtime';`],
  ['package/p.ts', `import '../lib/l.ts'; export const p = 1;`],
  ['lib/round.ts', `import './about.ts';`],
  ['lib/type-round.ts', `import type { A } from './type-about.ts'; export type R = A | string;`],
  ['cli/c.ts', `import '../lib/l.ts'; import '../lambdas/contract.ts';`],
  ['cli/text/shown.ts', `export const shown = 1;`],
  ['console/right.ts', `import '../cli/text/shown.ts'; import type {} from '../cli/c.ts'; import 'dev-only';`],
  ['local/g.ts', `import '../cli/c.ts'; import '../lib/l.ts'; export type G = string;`],
  ['bench/m.ts', `import '../local/g.ts';`],
  ['bin/b.ts', `import '../local/g.ts'; import '../cli/c.ts';`],
  ['test/t.ts', `import '../lambdas/verifier/handler.ts';`],
  ['hookgate.config.ts', `export default 1;`],
  ['lib/load-config.ts', `export const loadConfig = 1;`],
  ['test/customer-configuration.test.ts', `import '../hookgate.config.ts';`],
  ['tsconfig.json', `{}`],
  ['package.json', `{"type":"module","dependencies":{"runtime":"1"},"devDependencies":{"dev-only":"1"}}`],
  ...['runtime', 'dev-only'].flatMap((name): [string, string][] => [
    [`node_modules/${name}/package.json`, `{"name":"${name}","version":"1.0.0","main":"index.js"}`],
    [`node_modules/${name}/index.js`, ``],
  ]),
];

// That the repository itself keeps them, `npm run check` says.
describe('import directions', () => {
  describe('in a tree that breaks every rule', () => {
    let tree: string;
    let found: string[];

    beforeAll(async () => {
      tree = await realpath(await mkdtemp(join(tmpdir(), 'hookgate-directions-')));
      for (const [file, code] of [...RIGHT, ...BROKEN.map(([, file, code]) => [file, code] as const)]) {
        await mkdir(dirname(join(tree, file)), { recursive: true });
        await writeFile(join(tree, file), code);
      }
      found = await violations(tree, ['bin', 'cli', 'local', 'lib', 'lambdas', 'test', 'console', 'package']);
    }, 120_000);

    afterAll(() => rm(tree, { recursive: true }));

    it.each(BROKEN)('%s refuses %s: %s', (rule, file) => {
      expect(found).toContain(`${rule}: ${file}`);
    });

    it('finds nothing wrong with the files that are right', () => {
      const right = RIGHT.map(([file]) => file);
      expect(found.filter((line) => right.some((file) => line.endsWith(`: ${file}`)))).toEqual([]);
    });

    it('breaks every rule that there is', () => {
      const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: { name: string }[] };
      expect(new Set(BROKEN.map(([rule]) => rule))).toEqual(new Set(forbidden.map(({ name }) => name)));
    });
  });
});

describe.each(['lambdas/core/probe.ts', 'lambdas/providers/probe.ts'])('the linter, for %s', (file) => {
  const IMPURE = [
    'Date.now();',
    'new Date();',
    'Date();',
    'performance.now();',
    'Math.random();',
    'process.env;',
    'globalThis.process;',
    'fetch("https://example.com");',
    'setTimeout(() => {}, 1);',
    'console.log("x");',
    'crypto.randomUUID();',
    'import { randomBytes } from "node:crypto"; randomBytes(1);',
    'import * as everything from "node:crypto"; everything.randomUUID();',
  ];
  const PURE = ['new Date(0);', 'Date.parse("");', 'import { createHmac } from "node:crypto"; createHmac("a", "b");'];
  let rules: Linter.RulesRecord;

  // The rules that `npm run check` applies to such a file, not a copy of them.
  beforeAll(async () => {
    const { stdout } = await run(bin('eslint'), ['--print-config', file], { cwd: root, maxBuffer: 64 * 2 ** 20 });
    const all = (JSON.parse(stdout) as { rules: Linter.RulesRecord }).rules;
    rules = Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith('no-restricted-')));
  }, 120_000);

  const faults = (code: string): number => new Linter().verify(code, [{ rules }]).length;

  it.each(IMPURE)('refuses %s', (code) => {
    expect(faults(code)).toBeGreaterThan(0);
  });

  it.each(PURE)('allows %s', (code) => {
    expect(faults(code)).toBe(0);
  });
});
