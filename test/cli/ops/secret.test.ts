import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { close, listen } from '../../../local/http.ts';
import { opsOn } from './run-ops.ts';
import { secretsGateway } from './secrets-gateway.ts';

const { config, ops, done, status, loadOf } = secretsGateway(
  {
    sources: {
      bare: { provider: 'nvsep' },
      states: { provider: 'osigu', environment: 'production' },
      unset: { provider: 'nvsep' },
    },
  },
  { HOOKGATE_SECRET_UNSET: 'CHANGE_ME' },
);

describe('the state that a command needs', () => {
  it.each([
    ['promote', 'states has no pending secret: stage one with secret stage states.'],
    ['revoke-previous', 'states has no previous secret: there is nothing to revoke.'],
    ['set', 'states has a secret already: to replace it without refusing a delivery, stage a new one.'],
  ])('is named in one line where it is not there: %s', async (command, error) => {
    expect(await ops(`secret ${command} states`, 'a-new-secret')).toEqual({ code: 1, text: '', error });
  });

  it('is a source that is configured', async () => {
    const { code, error } = await ops('secret promote nobody');
    expect(code).toBe(1);
    expect(error).toMatch(/^There is no source "nobody" in hookgate\.config\.ts; the sources are: [^\n]+$/);
  });

  it('is a pending secret that nobody gives up by mistake', async () => {
    await done('secret stage states', 'first-try');
    expect(await ops('secret stage states', 'second-try')).toMatchObject({
      code: 1,
      error: expect.stringContaining('another pending secret'),
    });
    expect(await done('secret stage states', 'first-try')).toContain('pending already');
    await done('secret stage states --replace', 'second-try');
    const load = loadOf('states', 1);
    await load.stop();
    expect(await load.deliver('second-try')).toBe(200);
    expect(await load.deliver('first-try')).toBe(401);
    await done('secret promote states');
    expect((await status('states')).map(({ label }) => label)).toEqual(['current', 'previous']);
  });
});

describe('the first secret', () => {
  it('takes the place of a placeholder, which nothing is verified with', async () => {
    const load = loadOf('unset', 1);
    await load.stop();
    expect(await load.deliver('CHANGE_ME')).toBe(503);
    const refused = await ops('secret status unset');
    expect(refused).toMatchObject({ code: 1, error: '' });
    expect(refused.text).toContain('no: it is a placeholder');
    expect(refused.text).toContain('npm run ops -- secret set unset');
    expect(await ops('secret set unset', 'TODO')).toMatchObject({ code: 1, text: '' });
    expect(await done('secret set unset', 'the-first-secret')).toContain('npm run ops -- secret status unset');
    expect(await ops('secret status unset')).toMatchObject({ code: 0 });
    await sleep(1_100);
    expect(await load.deliver('the-first-secret')).toBe(200);
    expect((await status('unset')).map(({ label }) => label)).toEqual(['current']);
  });
});

describe('a new secret', () => {
  it.each([
    ['with\u0000nul', 'The secret has control or invisible characters in it'],
    ['two\nlines', 'The secret has control or invisible characters in it'],
    ['\ufeffwith-a-mark', 'The secret has control or invisible characters in it'],
    [' blank-before', 'The secret starts or ends with a blank'],
    ['', 'The secret is empty'],
    ['CHANGE_ME', 'The secret is a placeholder'],
    ['abc12', 'The secret has fewer than 6 characters'],
    ['{"signingSecret":"abc-def-123"}', 'The secret looks like JSON'],
    ['["abc-def-123"]', 'The secret looks like JSON'],
    ['"abc-def-123"', 'The secret is in quotes'],
    ["'abc-def-123'", 'The secret is in quotes'],
    ['“abc-def-123”', 'The secret is in quotes'],
    ['local-secret-bare', 'The secret is the current one'],
  ])('is refused with the reason: %j', async (value, reason) => {
    const before = await status('bare');
    const { code, text, error } = await ops('secret stage bare', value);
    expect({ code, text }).toEqual({ code: 1, text: '' });
    expect(error).toContain(reason);
    expect(error).toContain('nothing has changed');
    if (value !== '') expect(error).not.toContain(value);
    expect(await status('bare')).toEqual(before);
  });

  it('is refused over 4 KB', async () => {
    expect(await ops('secret stage bare', `${'xy'.repeat(2048)}z`)).toMatchObject({
      code: 1,
      error: 'The secret has more than 4096 bytes; nothing has changed.',
    });
  });

  it('is taken as it is if it is one value, whatever that looks like', async () => {
    await done('secret stage bare', '{a" [b] \'c');
    const load = loadOf('bare', 1);
    await load.stop();
    expect(await load.deliver('{a" [b] \'c')).toBe(200);
  });
});

describe('the gateway', () => {
  it('is missed in one line where it does not run', async () => {
    const server = createServer();
    const port = await listen(server);
    await close(server);
    const { code, error } = await opsOn(`http://127.0.0.1:${port}`, config)('secret status');
    expect({ code, error }).toEqual({
      code: 1,
      error: `No local gateway answers on http://127.0.0.1:${port} (ECONNREFUSED): start one with npm start.`,
    });
  });

  it('shows every source to a person in a table', async () => {
    const text = await done('secret status');
    for (const { name } of config.sources) expect(text).toContain(name);
  });
});
