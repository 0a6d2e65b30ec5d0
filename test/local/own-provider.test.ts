import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REPOSITORY, resolveConfig } from '../../lib/config/config.ts';
import type { HookgateConfig } from '../../lib/config/config.ts';
import { loadOwnProviders } from '../../lib/config/own-providers.ts';
import { startGateway } from '../../local/gateway.ts';
import type { LocalGateway } from '../../local/gateway.ts';
import { expectRefused } from './expect-refused.ts';
import { SourceClient } from './gateway-client.ts';
import { temporaryDirectory } from './temporary.ts';

/** A folder of the customer's, outside of the repository: a configuration, and providers beside it. */
const directory = temporaryDirectory();
mkdirSync(join(directory.path, 'providers'));

const CORE = `${relative(realpathSync(join(directory.path, 'providers')), join(REPOSITORY, 'lambdas/core'))}/`;

/** A provider whose keys are published: nobody can publish those that are made up here. */
const PUBLISHED = `
import { defineProvider } from '${CORE}provider.ts';
import { jwks } from '${CORE}schemes/jwks.ts';
import { jwt } from '${CORE}schemes/jwt.ts';

export default defineProvider({
  name: 'published',
  title: 'Published',
  documents: { source: 'https://published.example', confidence: 'confirmed' },
  methods: ['POST'],
  scheme: jwt({
    in: { header: 'x-published-token' },
    key: { algorithm: 'ES256', fetch: jwks('https://keys.published.example/jwks.json') },
    claims: { maxAgeSeconds: 300, bodyHash: { claim: 'body_sha256', encoding: 'hex' } },
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},
  readEvents: ({ json }) => ({ key: String(json.id), type: 'published' }),
  sample: ({ id }) => JSON.stringify({ id }),
});
`;

directory.write(
  'providers/acme.ts',
  readFileSync(join(REPOSITORY, 'examples/new-provider/provider.ts'), 'utf8').replaceAll('../../lambdas/core/', CORE),
);
directory.write('providers/published.ts', PUBLISHED);
const settings = {
  sources: { acme: { provider: './providers/acme.ts' }, published: { provider: './providers/published.ts' } },
};
const configFile = directory.write('hookgate.config.ts', `export default ${JSON.stringify(settings)};\n`);

let config: HookgateConfig;
let gateway: LocalGateway;
beforeAll(async () => {
  config = resolveConfig(settings, {
    root: directory.path,
    own: await loadOwnProviders(settings, directory.path),
  });
  gateway = await startGateway({ port: 0, config });
}, 120_000);
afterAll(() => directory.remove());
afterAll(() => gateway.stop(), 30_000);

describe.each(['acme', 'published'])('a source of a customer’s own provider, %s', (name) => {
  it('accepts, processes and publishes what the provider signs, once', async () => {
    const source = SourceClient.of(name, config, gateway.url);
    const body = source.newEvent();
    expect(await source.deliver(body)).toMatchObject(source.acknowledgement(body, 'accepted'));
    expect(await source.processed(body)).toMatchObject({ source: name, status: 'PROCESSED' });
    expect(await source.deliver(body)).toMatchObject(source.acknowledgement(body, 'duplicate'));
    expect(await source.published(body)).toHaveLength(1);
  });

  it('refuses what somebody else signs', async () => {
    await expectRefused(SourceClient.of(name, config, gateway.url), { forge: true }, 'signature_mismatch');
  });
});

it('is sent by npm run send, and listed by npm run providers, from a configuration outside of the repository', async () => {
  const env = { ...process.env, HOOKGATE_CONFIG: configFile, PORT: new URL(gateway.url).port };
  // The gateway is in this process, and has to answer.
  const run = async (...args: string[]) =>
    (await promisify(execFile)(process.execPath, ['bin/run.js', ...args], { cwd: REPOSITORY, env })).stdout;
  expect(await run('bin/send.ts', 'acme')).toMatch(/Acme.*\n.*200/s);
  expect(JSON.parse(await run('bin/providers.ts', '--json'))).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'acme', file: './providers/acme.ts' })]),
  );
});
