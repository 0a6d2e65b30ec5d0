import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig } from '../../../lib/config/config.ts';
import { CUSTOMER_FILE } from '../../../lib/customer-handler.ts';
import { Interrupted } from '../../../local/start-failure.ts';
import { synthesize } from '../../../local/template/stack.ts';
import { temporaryDirectory } from '../temporary.ts';

const directory = temporaryDirectory();
const cacheDirectory = join(directory.path, 'cache');
const handler = join(directory.path, 'handler.ts');
let synths = 0;

beforeEach(() => {
  directory.write('note.ts', "export const note = 'a';");
  directory.write(
    'handler.ts',
    "import { note } from './note.ts';\nexport const handler = async () => console.log(note);",
  );
  rmSync(join(directory.path, 'note.js'), { force: true });
});
afterAll(() => directory.remove());

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** How many processes synthesized, and the hash of the customer's code. */
async function made(stage = 'dev'): Promise<{ synths: number; code: string }> {
  const before = synths;
  const config = resolveConfig({ stage, sources: { osigu: { provider: 'osigu', handler } } });
  const stack = await synthesize(config, { cacheDirectory, onSynth: () => synths++ });
  const { Properties } = stack.template.Resources.OsiguProcessor ?? {};
  const { S3Key = '' } = (Properties?.Code ?? {}) as { S3Key?: string };
  return { synths: synths - before, code: sha256(readFileSync(join(stack.assetDirectory(S3Key), CUSTOMER_FILE))) };
}

describe('the stack of a start', () => {
  it('is synthesized once, and again only when something that it is made of has changed', async () => {
    const first = await made();
    expect(first.synths).toBe(1);
    expect(await made()).toEqual({ synths: 0, code: first.code });

    directory.write('note.ts', "export const note = 'b';");
    const changed = await made();
    expect(changed.synths).toBe(1);
    expect(changed.code).not.toBe(first.code);
    expect((await made()).synths).toBe(0);

    // A file that an import would now find first.
    directory.write('note.js', "export const note = 'c';");
    expect((await made()).synths).toBe(1);

    expect((await made('other')).synths).toBe(1);
    expect((await made('other')).synths).toBe(0);
  }, 120_000);

  it('is what is wrong with a customer’s file, and nothing is kept of it', async () => {
    directory.write('handler.ts', 'export const handler = async () => {');
    for (let attempt = 1; attempt <= 2; attempt++)
      await expect(made()).rejects.toThrow(
        expect.objectContaining({
          ...{
            name: 'ConfigError',
            message: expect.stringMatching(/^hookgate\.config\.ts cannot be used:\n .*handler\.ts:1: /),
          },
          problems: [expect.stringMatching(/handler\.ts:1: /)],
        }),
      );
  }, 120_000);

  it('is given up when the start is', async () => {
    const config = resolveConfig({ stage: 'never', sources: { osigu: { provider: 'osigu' } } });
    const interruption = new AbortController();
    const stack = synthesize(config, { cacheDirectory, signal: interruption.signal });
    interruption.abort(new Interrupted());
    await expect(stack).rejects.toBeInstanceOf(Interrupted);
  }, 120_000);
});
