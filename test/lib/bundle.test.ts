import { afterAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ENV } from '../../lambdas/contract.ts';
import { bundle } from '../../lib/bundle.ts';
import { ConfigError, REPOSITORY } from '../../lib/config/config.ts';
import { config } from '../settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'hookgate-bundle-'));
afterAll(() => rmSync(directory, { recursive: true }));

const customerFile = (name: string, code: string): string => {
  const path = join(directory, name);
  writeFileSync(path, code);
  return path;
};
const codeOf = (bundled: string): string => readFileSync(join(bundled, 'index.js'), 'utf8');
/** The files that a bundle may load on demand, by the name that the function imports them by. */
const importsOf = (bundled: string): Readonly<Record<string, string>> => {
  const { imports } = JSON.parse(readFileSync(join(bundled, 'package.json'), 'utf8')) as {
    imports: Record<string, string>;
  };
  return Object.fromEntries(Object.entries(imports).map(([name, path]) => [name, basename(path)]));
};
const VERIFIER = { entry: 'lambdas/verifier/handler.ts' };
const PROCESSOR = { entry: 'lambdas/processor/handler.ts' };

describe('a bundle', () => {
  it('is made once for the same code', () => {
    expect(bundle(VERIFIER)).toBe(bundle({ ...VERIFIER }));
  });

  it.each([VERIFIER, PROCESSOR])('is complete: it runs with nothing beside it ($entry)', ({ entry }) => {
    const alone = join(directory, entry.replaceAll('/', '-'));
    cpSync(bundle({ entry }), alone, { recursive: true });
    const environment = Object.fromEntries(Object.values(ENV).map((name) => [name, '60']));
    const script = `process.stdout.write(typeof require(${JSON.stringify(alone)}).handler)`;
    const answer = execFileSync(process.execPath, ['--eval', script], {
      cwd: directory,
      env: { ...environment, [ENV.provider]: 'osigu', [ENV.options]: '{}', AWS_REGION: 'eu-west-1' },
    });
    expect(answer.toString()).toBe('function');
  });

  it('carries nothing that its function does not use', () => {
    expect(codeOf(bundle(VERIFIER)).includes('PutEvents')).toBe(false);
    expect(codeOf(bundle(PROCESSOR)).includes('GetSecretValue')).toBe(false);
    expect(codeOf(bundle(VERIFIER)).length).toBeLessThan(600_000);
  });

  it.each<[string, Record<string, string>]>([
    ['verifier', { '#s3': 'S3Client', '#published-keys': 'cachedKeys' }],
    ['poller', { '#s3': 'S3Client' }],
    ['processor', { '#queues': 'SQSClient' }],
  ])('has beside it, in a file each, what few of its invocations need (%s)', (name, onDemand) => {
    const bundled = bundle({ entry: `lambdas/${name}/handler.ts` });
    const files = importsOf(bundled);
    expect(Object.keys(files).sort()).toStrictEqual(Object.keys(onDemand).sort());
    expect(readdirSync(bundled).sort()).toStrictEqual(['index.js', 'package.json', ...Object.values(files)].sort());
    const alone = join(directory, `on-demand-${name}`);
    cpSync(bundled, alone, { recursive: true });
    for (const [imported, mark] of Object.entries(onDemand)) {
      expect(readFileSync(join(bundled, files[imported] ?? ''), 'utf8').includes(mark)).toBe(true);
      expect(codeOf(bundled).includes(mark)).toBe(false);
      const use = `import('${imported}').then((m) => process.stdout.write(Object.values(m).map((each) => typeof each).join()))`;
      writeFileSync(join(alone, 'use.js'), use);
      expect(execFileSync(process.execPath, [join(alone, 'use.js')]).toString()).toContain('function');
    }
  });

  it('has S3 in it if every batch needs it', () => {
    expect(codeOf(bundle(PROCESSOR)).includes('S3Client')).toBe(true);
  });

  it.each(config.sources)('of a source holds its own provider and no other ($name)', ({ provider, providerFile }) => {
    const code = codeOf(bundle({ ...VERIFIER, provider: providerFile }));
    const held = Array.from(code.matchAll(/\bname:"([\w-]+)",title:"/g), ([, name]) => name);
    expect(held).toStrictEqual([provider.name]);
  });

  it('says nothing of the machine that it was made on', () => {
    for (const request of [VERIFIER, PROCESSOR]) expect(codeOf(bundle(request)).includes(REPOSITORY)).toBe(false);
  });
});

describe("a customer's handler", () => {
  const made = (name: string, code: string): string =>
    bundle({ ...PROCESSOR, customerHandler: customerFile(name, code) });

  it('takes the place of publishing to the bus, in a file of its own', () => {
    const bundled = made('own.ts', `export const handler = async () => console.log('own-handler');\n`);
    const beside = Object.values(importsOf(bundle(PROCESSOR)));
    expect(readdirSync(bundled).sort()).toStrictEqual(
      ['customer.mjs', 'index.js', 'package.json', 'runner.mjs', ...beside].sort(),
    );
    expect(readFileSync(join(bundled, 'customer.mjs'), 'utf8')).toContain('own-handler');
    expect(codeOf(bundled)).not.toContain('own-handler');
    expect(codeOf(bundled)).not.toContain('PutEvents');
  });

  const SHIM = 'if (typeof module !== "undefined") module.exports = { shim: true };\nexport const shim = true;\n';

  it.each([
    [
      'a CommonJS module',
      'real.cjs',
      'const { basename } = require("path"); module.exports = { handler: async () => basename(__filename) };',
    ],
    ['an export of a CommonJS module', 'named.cjs', 'exports.handler = async () => undefined;'],
    [
      'a CommonJS module in TypeScript',
      'whole.cts',
      `import path = require('node:path'); const sep: string = path.sep; export = { handler: async () => sep };`,
    ],
    [
      'an ES module that imports a CommonJS shim',
      'shimmed.js',
      `import { shim } from 'shim-package'; export const handler = async () => shim;`,
    ],
    [
      'import.meta.url',
      'where.js',
      `import { fileURLToPath } from 'node:url'; const here = fileURLToPath(import.meta.url); export const handler = async () => here;`,
    ],
    [
      'names of its own for what a CommonJS module has',
      'named.js',
      `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = require('path').sep; export const handler = async () => __dirname;`,
    ],
    [
      'an import that it waits for',
      'waits.mjs',
      `const { sep } = await import('node:path'); export const handler = async () => sep;`,
    ],
  ])('may be %s', (_what, name, code) => {
    const shim = join(directory, 'node_modules/shim-package');
    mkdirSync(shim, { recursive: true });
    writeFileSync(join(shim, 'package.json'), '{"name":"shim-package","type":"module","main":"index.js"}');
    writeFileSync(join(shim, 'index.js'), SHIM);
    expect(existsSync(join(made(name, code), 'customer.mjs'))).toBe(true);
  });

  it.each([
    ['other.ts', 'export const other: number = 1;\n', 'it exports only other. Export the handler'],
    ['default.js', 'export default () => undefined;\n', 'it exports only default'],
    ['object.js', 'export default { other: 1 };\n', 'it exports only default'],
    ['no-code.ts', 'export const handler = (;\n', 'Unexpected ";"'],
    ['text.js', "export const handler = 'text';\n", 'its export "handler" is not a function but of type string'],
    ['empty.js', '', 'it exports nothing'],
    ['throws.js', 'export const handler = () => {}; throw new RangeError("at import");', 'RangeError: at import'],
    ['exits.js', 'export const handler = () => {}; process.exit(0);', 'it ends the process'],
    ['never.mjs', 'export const handler = () => {}; await new Promise(() => {});', 'never finishes'],
    ['whole.cjs', 'module.exports = async () => undefined;', 'it exports only default'],
    [
      'later.js',
      'export let handler; setTimeout(() => (handler = () => {}), 1);',
      'its export "handler" is not a function but of type undefined',
    ],
    [
      'channel.js',
      'import { writeSync } from "node:fs"; try { writeSync(3, "{"); } catch {} export const other = 1;',
      'it exports only other',
    ],
    ['mixed.mjs', 'module.exports = { handler: async () => undefined };', 'rename the file to .cjs'],
    ['generator.ts', 'export async function* handler() {}', 'its export "handler" is a generator function'],
    ['class.ts', 'export class handler {}', 'its export "handler" is a class'],
    [
      'callback.ts',
      'export const handler = (e: unknown, c: unknown, done: () => void) => done();',
      'no callback comes',
    ],
    ['late.ts', 'void Promise.reject(new RangeError("late")); export const handler = () => {};', 'RangeError: late'],
  ])('is refused with its name, and what to change (%s)', (name, code, message) => {
    const refused = () => made(name, code);
    expect(refused).toThrow(ConfigError);
    expect(refused).toThrow(name);
    expect(refused).toThrow(message);
  });

  it('is loaded with its own variables, and an ARN for each of its secrets', () => {
    const code = `
      const { PATIENTS_TABLE, API_KEY, DB } = process.env;
      if (!/^arn:aws:secretsmanager:\\S+:secret:patients\\/api/.test(API_KEY) || DB !== 'arn:aws:x') throw new Error('no secret');
      if (PATIENTS_TABLE !== 'patients') throw new Error('no table');
      export const handler = () => {};`;
    const customerHandler = customerFile('variables.js', code);
    const made = (table: string) =>
      bundle({
        ...{ ...PROCESSOR, customerHandler, config: { file: 'other.config.ts' } },
        means: { environment: { PATIENTS_TABLE: table }, secrets: { API_KEY: 'patients/api', DB: 'arn:aws:x' } },
      });
    expect(() => made('patients')).not.toThrow();
    expect(() => made('others')).toThrow(/^other\.config\.ts cannot be used:\n.*variables\.js: .*no table/);
  });

  it('is not loaded with what this process knows', () => {
    process.env.HOOKGATE_SECRET_OSIGU = 'a secret of the desk';
    const code = `if (JSON.stringify(process.env).includes('a secret of')) throw new Error('seen'); export const handler = () => {};`;
    expect(() => made('spy.js', code)).not.toThrow();
    delete process.env.HOOKGATE_SECRET_OSIGU;
  });
});
