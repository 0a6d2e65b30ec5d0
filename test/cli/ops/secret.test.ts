import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolveConfig } from '../../../lib/config/config.ts';
import type { SourceConfig } from '../../../lib/config/config.ts';
import type { AwsCall } from '../../../local/call-log.ts';
import { startGateway } from '../../../local/gateway.ts';
import type { LocalGateway } from '../../../local/gateway.ts';
import { close, listen } from '../../../local/http.ts';
import { Load } from './gateway-under-load.ts';
import { opsOn } from './run-ops.ts';

const config = resolveConfig({
  sources: {
    nabla: { provider: 'nabla' },
    osigu: { provider: 'osigu', environment: 'production' },
    bare: { provider: 'nvsep' },
    states: { provider: 'osigu', environment: 'production' },
    cached: { provider: 'nvsep' },
    unset: { provider: 'nvsep' },
    flooded: { provider: 'osigu', environment: 'production' },
  },
});
let gateway: LocalGateway;
let ops: ReturnType<typeof opsOn>;

beforeAll(async () => {
  gateway = await startGateway({ port: 0, config, environment: { HOOKGATE_SECRET_UNSET: 'CHANGE_ME' } });
  ops = opsOn(gateway.url, config);
}, 120_000);
afterEach(async () => {
  await Promise.all(loads.splice(0).map((load) => load.stop()));
  await fetch(`${gateway.url}/_local/faults`, { method: 'DELETE' });
});
afterAll(() => gateway.stop(), 30_000);

function sourceNamed(name: string): SourceConfig {
  const source = config.sources.find((candidate) => candidate.name === name);
  if (!source) throw new Error(`there is no source ${name}`);
  return source;
}

const loads: Load[] = [];

/** A load that ends with its test, whatever comes of that. */
function loadOf(name: string, senders?: number): Load {
  const load = new Load(gateway.url, sourceNamed(name), `local-secret-${name}`, senders);
  loads.push(load);
  return load;
}

/** Runs a command that is to succeed. */
async function done(line: string, input?: string): Promise<string> {
  const { code, text, error } = await ops(line, input);
  expect({ line, code, error }).toEqual({ line, code: 0, error: '' });
  return text;
}

interface VersionStatus {
  readonly label: string;
  readonly versionId: string;
  readonly lastMatchedAt: string | null;
}

async function status(source: string): Promise<readonly VersionStatus[]> {
  const [found] = JSON.parse(await done(`secret status ${source} --json`)) as { versions: VersionStatus[] }[];
  return found?.versions ?? [];
}

describe('a rotation under load', () => {
  it('of Nabla, which signs with both secrets for a while, refuses no authentic delivery', async () => {
    const load = loadOf('nabla');
    await load.answered(40);
    await done('secret stage nabla', 'new-nabla-secret');
    // The button is pressed: both sign.
    load.secrets = ['new-nabla-secret', 'local-secret-nabla'];
    await load.answered(40);
    await done('secret promote nabla');
    await load.answered(40);
    // The old key is erased at Nabla.
    load.secrets = ['new-nabla-secret'];
    await load.answered(40);
    expect(await load.deliver('local-secret-nabla')).toBe(200);
    await done('secret revoke-previous nabla');
    for (let again = 0; again < 20; again++) expect(await load.deliver('local-secret-nabla')).toBe(401);
    await load.answered(40);
    await load.stop();
    expect(load.refused).toEqual([]);
  }, 120_000);

  it('of Osigu, which changes keys at one instant, refuses no authentic delivery', async () => {
    const load = loadOf('osigu');
    await load.answered(40);
    await done('secret stage osigu', 'new-osigu-secret');
    load.secrets = ['new-osigu-secret'];
    await load.answered(40);
    // A delivery that was on its way.
    expect(await load.deliver('local-secret-osigu')).toBe(200);
    await done('secret promote osigu');
    await load.answered(40);
    expect(await load.deliver('local-secret-osigu')).toBe(200);
    await done('secret revoke-previous osigu');
    for (let again = 0; again < 20; again++) expect(await load.deliver('local-secret-osigu')).toBe(401);
    await load.answered(40);
    await load.stop();
    expect(load.refused).toEqual([]);
    expect(await status('osigu')).toEqual([
      expect.objectContaining({ label: 'current', lastMatchedAt: expect.any(String) }),
    ]);
  }, 120_000);
});

describe('where Secrets Manager is down', () => {
  it('deliveries are verified from the cache', async () => {
    const load = loadOf('cached', 1);
    await load.answered(1);
    const rule = { service: 'secretsmanager', times: 1_000_000, status: 500 };
    const headers = { 'content-type': 'application/json' };
    await fetch(`${gateway.url}/_local/faults`, { method: 'POST', headers, body: JSON.stringify(rule) });
    await load.answered(50);
    await load.stop();
    expect(load.refused).toEqual([]);
    // Whether a newer secret made an unknown signature nobody can say now: the sender is told to come back. It takes nothing
    // from the others.
    expect(await load.deliver('forged')).toBe(503);
    expect(await load.deliver('local-secret-cached')).toBe(200);
  }, 120_000);
});

describe('a flood of a thousand forgeries', () => {
  it('makes a handful of calls, and lets an authentic delivery through', async () => {
    const load = loadOf('flooded', 1);
    await load.answered(1);
    await load.stop();
    const statuses = new Set<number>();
    const start = Date.now();
    for (let forgery = 0; forgery < 1000; forgery++) statuses.add(await load.deliver('forged'));
    expect([...statuses]).toEqual([401]);
    expect(await load.deliver('local-secret-flooded')).toBe(200);
    const calls = (await (await fetch(`${gateway.url}/_local/aws-calls`)).json()) as AwsCall[];
    const reads = calls.filter((call) => call.function === 'FloodedVerifier' && call.service === 'secretsmanager');
    // Three a read: the first, and one for every fifteen seconds that the flood lasts.
    const rereads = Math.ceil((Date.now() - start) / 15_000);
    expect(reads.length).toBeLessThanOrEqual(3 * (1 + rereads));
  }, 120_000);
});

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
