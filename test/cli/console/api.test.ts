import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { z } from 'zod';
import { consoleApi } from '../../../cli/console/api.ts';
import type { ConsoleOptions, Outcome, Session } from '../../../cli/console/api.ts';
import type { Fault } from '../../../cli/console/answer.ts';
import { OperatorError } from '../../../cli/operator-error.ts';
import { operation } from '../../../cli/ops/operation.ts';
import { OPERATIONS } from '../../../cli/ops/operations.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import { close, listen } from '../../../local/http.ts';

const config = resolveConfig({
  sources: {
    osigu: { provider: 'osigu' },
    nvsep: {
      provider: 'nvsep',
      targets: [
        { name: 'billing', kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:123456789012:billing' },
        { name: 'partner', kind: 'http', url: 'https://user.example/a-path-that-only-operators-know' },
      ],
    },
  },
});

/** A local gateway as far as the console looks for one; it counts how often. */
let looks = 0;
const gateway = createServer((request, response) => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' };
  if (request.url === '/_local/stack') looks++;
  const views: Record<string, unknown> = {
    '/_local/stack': { outputs: {}, resources: { OsiguQueue: 'url' } },
    '/_local/access': { region: 'us-east-1', endpoint: 'http://127.0.0.1:1', credentials },
  };
  response.end(JSON.stringify(views[request.url ?? '']));
});
let port = 0;
beforeAll(async () => {
  port = await listen(gateway);
});
afterAll(() => close(gateway));

class Denied extends Error {
  override readonly name = 'AccessDeniedException';
  readonly $metadata = {};
}

const input = z.object({
  source: z.string().describe('a source'),
  limit: z.int().max(9).default(5).describe('a number'),
  file: z.string().optional().describe('a file'),
});
const echo = operation({
  name: 'group echo',
  summary: 'Says what it was told.',
  ...{ input, output: z.looseObject({}), readsFiles: ['file'] },
  effect: 'reads',
  permissions: ['sqs:Look'],
  async run({ gateway: found, printError }, given) {
    if (given.source === 'none') throw new OperatorError('There is\nno source \u202e.');
    if (given.source === 'denied') throw new Denied('not allowed');
    if (given.source === 'bug') throw new TypeError('a mistake');
    printError('half done');
    return {
      text: ['said'],
      data: { ...given, url: await found.resourceOf(given.source, 'Queue') },
      ok: given.limit !== 9,
    };
  },
});

let time = 0;
const api = (options: Partial<ConsoleOptions> = {}, operations = [echo, ...OPERATIONS]) =>
  consoleApi(
    { local: true, allowChanges: false, ...options },
    { env: { PORT: String(port) }, loadConfig: () => config, clock: () => time, newId: () => 'id' },
    operations,
  );
const run = async (name: string, given: unknown, on = api()) => on('POST', `operations/${name}`, given);
const faultOf = ({ body }: { body: unknown }) => (body as { fault?: Fault }).fault;

describe('the session', () => {
  it('says what there is, and nothing that is secret', async () => {
    const { status, body } = await api()('GET', 'session', undefined);
    const session = body as Session;
    expect([status, session.isLocal, session.allowChanges]).toEqual([200, true, false]);
    expect(session.sources.map(({ name, fetchesMissed }) => [name, fetchesMissed])).toEqual([
      ['osigu', false],
      ['nvsep', false],
    ]);
    expect(session.operations.map(({ name }) => name)).toEqual([echo, ...OPERATIONS].map(({ name }) => name));
    expect(session.operations[0]?.input).toMatchObject({ required: ['source'], properties: { limit: { default: 5 } } });
    expect(session.lanes).toEqual([
      { name: 'osigu', isTarget: false, isSigned: false },
      { name: 'nvsep', isTarget: false, isSigned: false },
      { name: 'nvsep.billing', isTarget: true, isSigned: false },
      { name: 'nvsep.partner', isTarget: true, isSigned: true },
    ]);
    expect(JSON.stringify(session)).not.toMatch(/local-secret|only-operators-know/);
  });
});

describe('an operation', () => {
  it('runs as on the command line, and tells what it said on its way', async () => {
    const { status, body } = await run('group echo', { input: { source: 'osigu', limit: 9 } });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { source: 'osigu', limit: 9, url: 'url' },
      ...{ text: ['said'], needsAttention: true, notes: ['half done'] },
    } satisfies Outcome);
  });

  it.each<[string, unknown, number, Fault['kind']]>([
    ['an input of the wrong kind', { input: { source: 'osigu', limit: 'x' } }, 400, 'input'],
    ['a missing input', { input: {} }, 400, 'input'],
    ['something else than an input', { inputs: {} }, 400, 'input'],
    ['no JSON object', 'text', 400, 'input'],
    ['a file of this machine', { input: { source: 'osigu', file: '/etc/passwd' } }, 400, 'input'],
    ['what the operation refuses', { input: { source: 'none' } }, 422, 'operator'],
    ['what AWS does not allow', { input: { source: 'denied' } }, 403, 'permission'],
  ])('is refused %s', async (_name, given, status, kind) => {
    const answer = await run('group echo', given);
    expect([answer.status, faultOf(answer)?.kind]).toEqual([status, kind]);
  });

  it('says so in words that cannot be taken for anything else', async () => {
    const answer = await run('group echo', { input: { source: 'none' } });
    expect(faultOf(answer)?.lines).toEqual(['There is\\nno source \\u202e.']);
  });

  it('does not hide a mistake of this code', () =>
    expect(run('group echo', { input: { source: 'bug' } })).rejects.toThrow(TypeError));

  it('reads no file, whichever operation could', async () => {
    const reading = OPERATIONS.flatMap(({ name, readsFiles = [] }) => readsFiles.map((file) => [name, file] as const));
    expect(reading.map(([, file]) => file)).toEqual(expect.arrayContaining(['request', 'headers', 'body', 'file']));
    for (const [name, file] of reading) {
      const answer = await run(name, { input: { source: 'osigu', [file]: '/etc/passwd' } });
      expect([name, faultOf(answer)?.kind]).toEqual([name, 'input']);
    }
  });

  it('that changes something is refused, unless changes are allowed', async () => {
    const changing = OPERATIONS.filter(({ effect }) => effect === 'changes');
    expect(changing.length).toBeGreaterThan(5);
    for (const { name } of changing) {
      const answer = await run(name, { input: {} });
      expect([name, answer.status, faultOf(answer)?.kind]).toEqual([name, 403, 'read-only']);
      const allowed = await run(name, { input: {} }, api({ allowChanges: true }));
      expect([name, faultOf(allowed)?.kind]).toEqual([name, 'input']);
    }
  });

  it.each([
    ['GET', 'operations/group echo'],
    ['POST', 'operations/nothing'],
    ['POST', 'operations/__proto__'],
    ['POST', ''],
  ])('is not at %s %s', async (method, path) => expect((await api()(method, path, {})).status).toBe(404));

  it('that needs no gateway works without one', async () => {
    const { body } = await run('runbook', { input: { alarm: 'dead-letters' } }, api({ local: false }));
    expect((body as Outcome<{ text: string }>).data.text).toContain('dead-letter');
  });

  it('looks for the gateway once in a while, and not each time', async () => {
    const on = api();
    const before = looks;
    for (let turn = 0; turn < 3; turn++) await run('group echo', { input: { source: 'osigu' } }, on);
    expect(looks).toBe(before + 1);
    time += 60_001;
    await run('group echo', { input: { source: 'osigu' } }, on);
    expect(looks).toBe(before + 2);
  });
});

describe('a secret', () => {
  const told: string[] = [];
  const takes = operation({
    name: 'take',
    summary: 'Takes a secret.',
    ...{ input: z.object({}), output: z.looseObject({}), takesSecret: true },
    effect: 'reads',
    permissions: [],
    async run({ readSecret }) {
      told.push(await readSecret());
      return { text: [], data: {} };
    },
  });

  it('goes beside the input, and does not come back', async () => {
    const answer = await run('take', { input: {}, secret: 'whsec_pasted' }, api({}, [takes]));
    expect(told).toEqual(['whsec_pasted']);
    expect(JSON.stringify(answer)).not.toContain('whsec_pasted');
  });

  it('that is missing is asked for', async () => {
    const answer = await run('take', { input: {} }, api({}, [takes]));
    expect(faultOf(answer)).toEqual({ kind: 'operator', lines: ['No secret was given.'] });
  });
});

describe('the catalogue', () => {
  it('has every provider', async () => {
    const { body } = await api()('GET', 'providers', undefined);
    expect((body as unknown[]).length).toBeGreaterThan(40);
  });
});

describe('a sample', () => {
  it('is sent to the local gateway alone', async () => {
    const given = { source: 'osigu', way: 'valid' };
    expect((await api({ local: false })('POST', 'send', given)).status).toBe(404);
    expect((await api()('POST', 'send', { ...given, way: 'free' })).status).toBe(400);
    expect((await api()('POST', 'send', { ...given, source: 'x' })).status).toBe(422);
  });
});
