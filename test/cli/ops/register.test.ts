import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import type { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { registerOperation, registrationOperation } from '../../../cli/ops/registration/register.ts';
import type { Ops } from '../../../cli/ops/ops.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import { providers } from '../../../lambdas/providers/index.ts';
import { startFakeProviders } from '../../../local/fake-providers/server.ts';
import type { FakeProviders } from '../../../local/fake-providers/server.ts';
import { storedSecret } from '../../lambdas/core/poll/fixtures.ts';
import { LOCAL_CREDENTIALS, subscriptionOf, withFakeProviders } from '../../../local/fake-providers/settings.ts';

const NAMES = [...providers.values()].filter(({ registration }) => registration).map(({ name }) => name);
const OTHER = 'https://elsewhere.example.com/hook';

let fakes: FakeProviders;
const stored: Record<string, unknown>[] = [];
/** The secret that is pending. */
let pending: string | undefined;

beforeAll(async () => {
  fakes = await startFakeProviders();
});
afterAll(() => fakes.stop());

const urlOf = (name: string): string => `http://127.0.0.1:4000/webhooks/${name}`;

/** The operator's tools for a gateway of which only the two secrets are there: all that these operations read and write. */
function opsFor(name: string): Ops {
  const config = resolveConfig(withFakeProviders({ sources: { [name]: { provider: name } } }, fakes.url));
  const kind = providers.get(name)?.api?.credentials ?? 'token';
  const client = {
    send: ({ input }: GetSecretValueCommand | PutSecretValueCommand) => {
      if ('SecretString' in input) {
        stored.push({ ...input });
        return Promise.resolve({ VersionId: 'staged-1' });
      }
      if ('VersionStage' in input && input.VersionStage === 'AWSPENDING')
        return pending === undefined
          ? Promise.reject(new ResourceNotFoundException({ message: '', $metadata: {} }))
          : Promise.resolve({ SecretString: pending, VersionId: 'p' });
      const isApi = input.SecretId === `${name}/CredentialsName`;
      return Promise.resolve({ SecretString: isApi ? LOCAL_CREDENTIALS[kind] : storedSecret(name), VersionId: 'v' });
    },
  };
  const gateway = {
    ...{ name: 'http://127.0.0.1:4000', isLocal: true, output: () => '' },
    outputOf: (source: string, output: string) => Promise.resolve(`${source}/${output}`),
    resourceOf: () => Promise.resolve(''),
    client: () => client as never,
  };
  return {
    ...{ config, gateway, clock: () => Date.now(), newId: () => 'id', printError: () => undefined },
    readSecret: () => Promise.resolve(LOCAL_CREDENTIALS.token),
  };
}

const run = (name: string, input: object = {}) => registerOperation.run(opsFor(name), { source: name, ...input });
const show = (name: string, input: object = {}) => registrationOperation.run(opsFor(name), { source: name, ...input });
/** The entries of the stand-in. */
const entriesOf = (name: string) => {
  if (name === 'optum') return [fakes.subscriptions.subscription(subscriptionOf('optum'))];
  const { entries } = fakes.registrations[name] ?? { entries: [] };
  return entries;
};

it('is there for the first providers and four more at least', () => {
  expect(NAMES).toEqual(expect.arrayContaining(['osigu', 'optum', 'github', 'stripe', 'svix', 'paddle']));
});

const isPerEvent = (name: string): boolean => providers.get(name)?.registration?.perEvent === true;
const WHOLE = NAMES.filter((name) => name !== 'optum' && !isPerEvent(name));

describe.each(WHOLE.map((name) => [name]))('registering with %s', (name) => {
  it('shows what is there, registers beside it, and has no second effect', async () => {
    entriesOf(name).splice(0);
    fakes.registrations[name]?.entries.push({ id: '900', url: OTHER, events: ['a.b'], enabled: true, secret: 's' });
    expect(await show(name)).toMatchObject({ ok: false, data: { others: [{ url: OTHER }], differences: [] } });

    const first = await run(name, { events: 'a.one,a.two' });
    expect(first).toMatchObject({ ok: true, data: { outcome: 'created', own: { url: urlOf(name) } } });
    for (let times = 0; times < 2; times++)
      expect(await run(name, { events: 'a.two,a.one' })).toMatchObject({ ok: true, data: { outcome: 'unchanged' } });
    // Somebody else's registration is as it was.
    expect(entriesOf(name)).toMatchObject([
      { url: OTHER, events: ['a.b'] },
      { url: urlOf(name), events: ['a.one', 'a.two'] },
    ]);
    expect(await show(name)).toMatchObject({ ok: true, data: { own: { enabled: true } } });
  });

  it('says what differs, and mends it if the provider has a call for that', async () => {
    entriesOf(name).splice(0);
    await run(name, { events: 'a.one' });
    const [entry] = fakes.registrations[name]?.entries ?? [];
    if (entry) entry.enabled = false;
    // Some list what is active, and nothing else.
    const isSeen = !['jira', 'microsoft-graph'].includes(name);
    const differences = ['events', ...(isSeen ? ['disabled'] : [])];
    expect(await show(name, { events: 'a.other' })).toMatchObject({ data: { differences } });
    const canUpdate = providers.get(name)?.registration?.update !== undefined;
    const mended = await run(name, { events: 'a.other' });
    expect(mended.data).toMatchObject({ outcome: canUpdate ? 'updated' : 'differs' });
    expect(entriesOf(name)).toMatchObject([canUpdate ? { events: ['a.other'], enabled: true } : { events: ['a.one'] }]);
  });

  it('changes one with another URL only if that is asked for', async () => {
    entriesOf(name).splice(0);
    const entries = fakes.registrations[name]?.entries ?? [];
    entries.push({
      id: ['github', 'jira'].includes(name) ? '7' : 'a7',
      url: OTHER,
      events: ['a.b'],
      enabled: true,
      secret: 's',
    });
    const { data } = await run(name, { replace: true });
    const canUpdate = providers.get(name)?.registration?.update !== undefined;
    expect(data).toMatchObject({ outcome: canUpdate ? 'updated' : 'other-url' });
    expect(entries).toMatchObject([{ url: canUpdate ? urlOf(name) : OTHER }]);
  });

  it('stores a secret that the provider has made, and prints it nowhere', async () => {
    entriesOf(name).splice(0);
    stored.length = 0;
    const report = await run(name);
    const [entry] = fakes.registrations[name]?.entries ?? [];
    const made = ['stripe', 'svix', 'paddle', 'airtable'].includes(name);
    expect(stored).toMatchObject(made ? [{ SecretString: entry?.secret, VersionStages: ['AWSPENDING'] }] : []);
    expect(JSON.stringify(report)).not.toContain(entry?.secret);
    entriesOf(name).splice(0);
    pending = 'an operator has staged it';
    if (made) {
      await expect(run(name)).rejects.toThrow(/pending secret/);
      expect([stored.length, entriesOf(name).length]).toEqual([1, 0]);
    }
    expect(await run(name, { replacePending: true })).toMatchObject({ data: { outcome: 'created' } });
    expect(stored).toHaveLength(made ? 2 : 0);
    pending = undefined;
    if (name === 'github') expect(entry?.secret).toBe('the signing secret');
  });
});

describe.each(NAMES.filter(isPerEvent).map((name) => [name]))('registering each event type with %s', (name) => {
  it('makes what is missing, once, and leaves the others alone', async () => {
    entriesOf(name).splice(0);
    expect(await run(name)).toMatchObject({ ok: false, data: { outcome: 'no-events' } });
    fakes.registrations[name]?.entries.push({ id: '900', url: OTHER, events: ['a.b'], enabled: true, secret: 's' });
    const first = await run(name, { events: 'a.one,a.two?of=1' });
    expect(first).toMatchObject({ ok: true, data: { outcome: 'created', differences: [] } });
    expect(await run(name, { events: 'a.two?of=1,a.one' })).toMatchObject({ ok: true, data: { outcome: 'unchanged' } });
    expect(await run(name, { events: 'a.one,a.two?of=1,a.three' })).toMatchObject({ data: { outcome: 'created' } });
    expect(entriesOf(name)).toMatchObject([
      { url: OTHER, events: ['a.b'] },
      ...['a.one', 'a.two?of=1', 'a.three'].map((event) => ({
        url: urlOf(name),
        events: [event],
        secret: 'the signing secret',
      })),
    ]);
    expect(await run(name, { events: 'a.one' })).toMatchObject({ ok: false, data: { outcome: 'differs' } });
    expect(entriesOf(name)).toHaveLength(4);
  });
});

describe('registering with optum', () => {
  it('leaves a subscription with another URL alone until it is told to replace it', async () => {
    const subscription = fakes.subscriptions.subscription(subscriptionOf('optum'));
    const before = { ...subscription };
    const refused = await run('optum', { events: 'payment' });
    expect(refused).toMatchObject({ ok: false, data: { outcome: 'other-url', others: [{ url: before.url }] } });
    expect(subscription).toEqual(before);
    expect(await run('optum', { replace: true })).toMatchObject({ ok: true, data: { outcome: 'updated' } });
    expect(subscription).toEqual({ url: urlOf('optum'), eventNames: before.eventNames, key: 'the signing secret' });
    expect(await run('optum')).toMatchObject({ data: { outcome: 'unchanged' } });
  });
});

it('says in one line why a source cannot be registered', async () => {
  await expect(run('nabla')).rejects.toThrow(/docs\/providers\/nabla\.md/);
  fakes.misbehaviours.add({ path: 'webhook_endpoints', kind: 'status', status: 403 });
  await expect(run('stripe')).rejects.toThrow(/http_403/);
});
