import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { resolveConfig } from '../../lib/config/config.ts';
import type { HookgateConfig } from '../../lib/config/config.ts';
import { startFakeProviders } from '../../local/fake-providers/server.ts';
import type { FakeProviders } from '../../local/fake-providers/server.ts';
import { subscriptionOf, withFakeProviders } from '../../local/fake-providers/settings.ts';
import { LOCAL_CLIENT } from '../../local/fake-providers/token-endpoint.ts';
import { startGateway } from '../../local/gateway.ts';
import type { LocalGateway } from '../../local/gateway.ts';
import { opsOn } from '../cli/ops/run-ops.ts';
import { example, notification } from '../lambdas/providers/fhir/notifications.ts';
import { eventually } from './eventually.ts';
import { SourceClient } from './gateway-client.ts';
import { temporaryDirectory } from './temporary.ts';

const TOKEN = 'a-token-that-is-in-no-other-text-7f3b1c';
/** An official example: a server's hint about authorization, in the notification. */
const HINT = 'ZGFhNDFjY2MtZGFmMi00YjZkLThiNDYtN2JlZDk1MWEyYzk2';

const directory = temporaryDirectory();
const lines: string[] = [];
let fakes: FakeProviders;
let config: HookgateConfig;
let gateway: LocalGateway;

beforeAll(async () => {
  fakes = await startFakeProviders();
  const settings = { sources: { fhir: { provider: 'fhir', options: { header: 'x-hook-token' } } } };
  config = resolveConfig(withFakeProviders(settings, fakes.url));
  gateway = await startGateway({
    ...{ port: 0, config, log: (line: string) => void lines.push(line) },
    environment: { HOOKGATE_SECRET_FHIR: TOKEN },
    dataDirectory: join(directory.path, 'data'),
  });
}, 120_000);
afterAll(async () => {
  await gateway.stop();
  await fakes.stop();
  directory.remove();
}, 120_000);

/** Every file below a folder, as text. */
const filesBelow = (folder: string): [name: string, text: string][] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [[path, readFileSync(path, 'latin1')]];
  });

it("a Subscription's token, which authenticates its deliveries, is in no log, listing, report or file but that of the secrets", async () => {
  const client = SourceClient.of('fhir', config, gateway.url);
  const post = (text: string, token = TOKEN) =>
    client.request('POST', { 'x-hook-token': token, 'content-type': 'application/fhir+json' }, Buffer.from(text));
  const event = (number: string, focus: string) => notification({ events: [{ number, focus }] });
  expect(await post(event('1', 'Encounter/1'))).toMatchObject({ status: 200 });
  // A conflict, a body that is not JSON, a hint about authorization, a handshake, a batch; and refusals.
  await post(event('1', 'Encounter/2'));
  await post('<Bundle/>');
  const withHint = example('r4-backport/event-empty-with-auth');
  expect(withHint).toContain(HINT);
  await post(withHint);
  await post(example('r5/handshake'));
  await post(example('derived/r4b.event-multiple'));
  expect(await post(event('2', 'Encounter/2'), `${TOKEN}x`)).toMatchObject({ status: 401 });
  expect(await client.request('POST', { authorization: `Bearer ${TOKEN}` }, Buffer.from('{}'))).toMatchObject({
    status: 401,
  });
  fakes.fhir.subscription(subscriptionOf('fhir')).happen(2);

  const ops = opsOn(gateway.url, config);
  const said = [await ops('missed run fhir'), await ops('missed run fhir --json')];
  await eventually(
    async () => (await client.events()).filter(({ status }) => status === 'PROCESSED').length >= 6,
    25_000,
  );
  for (const line of [
    'status',
    'report',
    'traffic',
    'refused',
    'registration fhir',
    'events',
    'quarantine list fhir',
    'dead-letters list fhir',
    'missed status fhir',
    'secret status fhir',
    'urls',
    'event fhir 7/1',
  ])
    said.push(await ops(line), await ops(`${line} --json`));
  const views = await Promise.all(
    ['events', 'bus', 'queues', 'aws-calls'].map(async (view) => (await fetch(`${gateway.url}/_local/${view}`)).text()),
  );
  const told = JSON.stringify([said, views, lines]);
  expect(told).toContain('7/1');
  expect(lines.join('')).toContain('delivery rejected');
  for (const secret of [TOKEN, LOCAL_CLIENT.clientSecret]) expect(told).not.toContain(secret);
  // The hint is a part of its event, which a person may ask for; a log never has it.
  expect(lines.join('\n')).not.toContain(HINT);

  // Ledger, queues and archive are in the data directory, and so are the secrets, in a file of their own.
  await gateway.stop();
  const files = filesBelow(join(directory.path, 'data'));
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter(([, text]) => text.includes(TOKEN)).map(([path]) => path)).toEqual([
    join(directory.path, 'data', 'secrets.json'),
  ]);
}, 120_000);
