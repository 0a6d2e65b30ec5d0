import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultProvider } from '../../../lambdas/adapters/lambda-credentials.ts';
import { bundle } from '../../../lib/bundle.ts';

const NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
const before = NAMES.map((name) => process.env[name]);

const set = (values: readonly (string | undefined)[]): void =>
  NAMES.forEach((name, place) => {
    const value = values[place];
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  });

describe('the credentials of a function', () => {
  beforeEach(() => set(['id', 'key', 'token']));
  afterEach(() => set(before));

  it('are those of its environment', async () => {
    const given = { accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'token' };
    await expect(defaultProvider()()).resolves.toStrictEqual(given);
  });

  it('need no session token', async () => {
    set(['id', 'key', undefined]);
    await expect(defaultProvider()()).resolves.toStrictEqual({ accessKeyId: 'id', secretAccessKey: 'key' });
  });

  it.each([[[undefined, 'key']], [['id', undefined]], [['', 'key']]])('are refused in part (%j)', async (values) => {
    set(values);
    await expect(defaultProvider()()).rejects.toThrow(expect.objectContaining({ name: 'CredentialsProviderError' }));
  });

  it.each(['verifier', 'processor', 'poller', 'rotator', 'secret-age'])(
    'are looked for nowhere else by what we bundle (%s)',
    (name) => {
      const code = readFileSync(join(bundle({ entry: `lambdas/${name}/handler.ts` }), 'index.js'), 'utf8');
      expect(code).not.toMatch(/fromSSO|AssumeRole|169\.254\.170\.2/);
      expect(code).toContain('AWS_SECRET_ACCESS_KEY');
    },
  );
});
