import { afterAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENV } from '../../lambdas/contract.ts';
import type { WebhookEvent } from '../../lambdas/core/event.ts';
import type { HandleBatch } from '../../lambdas/core/process/handle.ts';
import { bundle } from '../../lib/bundle.ts';
import { REPOSITORY } from '../../lib/config/config.ts';

const directory = mkdtempSync(join(tmpdir(), 'hookgate-bundle-'));
afterAll(() => rmSync(directory, { recursive: true }));

const customerFile = (name: string, code: string): string => {
  const path = join(directory, name);
  writeFileSync(path, code);
  return path;
};
const codeOf = (bundled: string): string => readFileSync(join(bundled, 'index.js'), 'utf8');
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

  it.each(['verifier', 'poller'])('has S3 beside it, for when the first large body comes (%s)', (name) => {
    const bundled = bundle({ entry: `lambdas/${name}/handler.ts` });
    expect(readdirSync(bundled).sort()).toStrictEqual(['index.js', 'package.json', 's3.js']);
    expect(codeOf(bundled).includes('S3Client')).toBe(false);
    const alone = join(directory, `on-demand-${name}`);
    cpSync(bundled, alone, { recursive: true });
    writeFileSync(join(alone, 'use.js'), `import('#s3').then((m) => process.stdout.write(typeof m.s3Objects))`);
    expect(execFileSync(process.execPath, [join(alone, 'use.js')]).toString()).toBe('function');
  });

  it('has S3 in it where every batch needs it', () => {
    expect(readdirSync(bundle(PROCESSOR)).sort()).toStrictEqual(['index.js', 'package.json']);
    expect(codeOf(bundle(PROCESSOR)).includes('S3Client')).toBe(true);
  });

  it('says nothing of the machine that it was made on', () => {
    for (const request of [VERIFIER, PROCESSOR]) expect(codeOf(bundle(request)).includes(REPOSITORY)).toBe(false);
  });
});

describe("a customer's handler", () => {
  const event = (key: string): WebhookEvent => ({
    ...{
      source: 'osigu',
      provider: 'osigu',
      key,
      type: 't',
      receivedAt: '2026-01-01T00:00:00Z',
      via: 'webhook' as const,
    },
    ...{ contentType: 'application/json', body: Buffer.from('{}') },
  });

  it('takes the place of publishing to the bus', () => {
    const customerHandler = customerFile('own.ts', `export const handler = async () => console.log('own-handler');\n`);
    const code = codeOf(bundle({ ...PROCESSOR, customerHandler }));
    expect(code.includes('own-handler')).toBe(true);
    expect(code.includes('PutEvents')).toBe(false);
  });

  it('gets each event by itself; one that throws fails alone', async () => {
    const path = customerFile(
      'picky.ts',
      `import type { EventHandler } from '${join(REPOSITORY, 'lambdas/core/event.ts')}';
       export const handler: EventHandler = (event) => {
         if (event.key === 'bad') throw new Error('no');
         return Promise.resolve();
       };\n`,
    );
    const bundled = bundle({ entry: 'lambdas/processor/each-event.ts', customerHandler: path });
    const { handleBatch } = createRequire(import.meta.url)(join(bundled, 'index.js')) as { handleBatch: HandleBatch };
    const results = await handleBatch([event('good'), event('bad'), event('good')]);
    expect(results.map(({ status }) => status)).toStrictEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it.each([
    ['no-export.ts', 'export const other: number = 1;\n'],
    ['default.js', 'export default () => undefined;\n'],
    ['no-code.ts', 'export const handler = (;\n'],
  ])('is refused where it has none (%s)', (name, code) => {
    const customerHandler = customerFile(name, code);
    expect(() => bundle({ ...PROCESSOR, customerHandler })).toThrow(name);
  });
});
