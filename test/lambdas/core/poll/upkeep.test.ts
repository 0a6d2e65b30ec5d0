import { describe, expect, it } from '@jest/globals';
import { providers } from '../../../../lambdas/providers/index.ts';
import type { PollReport } from '../../../../lambdas/core/poll/report.ts';
import type { FakeRegistration } from '../../../../local/fake-providers/registrations/dialect.ts';
import { secretWay } from '../../../../lambdas/core/registration.ts';
import { OWN_URL, setUpPoll } from './fixtures.ts';

const KEPT = [...providers.values()].filter(({ registration }) => registration?.upkeep);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OTHER = 'https://elsewhere.example.com/hook';

/** A gateway whose URL is registered with a stand-in. */
function setUp(name: string) {
  const world = setUpPoll(name);
  const fake = world.registrations[name];
  const provider = providers.get(name);
  const upkeep = provider?.registration?.upkeep;
  if (!fake || !provider || !upkeep) throw new Error(`there is no stand-in for the registrations of ${name}`);
  const api = fake;
  const lifeSeconds = upkeep.renewBeforeSeconds?.(world.source.options);
  const entry = (url: string, id: string): FakeRegistration => ({
    ...{ id, url, events: ['a.one'], enabled: true, secret: 'the signing secret' },
    ...(lifeSeconds !== undefined && { expiresAt: new Date(world.time.now + lifeSeconds * 1000) }),
  });
  api.entries.push(entry(OWN_URL, '900'));
  const own = (): FakeRegistration[] => api.entries.filter(({ url }) => url === OWN_URL);
  const run = (changes: Parameters<typeof world.run>[0] = {}): Promise<PollReport> =>
    world.run({ upkeep: world.upkeep, ...changes });
  /** No answer comes to requests of a kind. */
  const without = (method: string) => ({
    http: (request: Parameters<typeof world.parts.http>[0]) =>
      request.method === method && !request.url.endsWith('/oauth/token')
        ? Promise.reject(new TypeError('no answer'))
        : world.parts.http(request),
  });
  // Some providers list what is active, and nothing else.
  const canBeOff = upkeep.enable !== undefined || upkeep.remove !== undefined;
  return {
    world,
    fake: api,
    own,
    run,
    without,
    entry,
    upkeep,
    canBeOff,
    isTold: secretWay(provider) === 'told',
  };
}

it('is there for registrations that end, that are switched off, and that are deleted', () => {
  expect(KEPT.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['airtable', 'github', 'jira', 'microsoft-graph', 'oura', 'stripe', 'svix', 'twitch']),
  );
});

describe.each(KEPT.map(({ name }) => [name]))('the registration of %s', (name) => {
  it('lives for 90 days in which the provider disables it, deletes it and is away: no silent end', async () => {
    const { world, fake, own, run, upkeep, canBeOff, entry: entryOf } = setUp(name);
    fake.entries.push({ ...entryOf(OTHER, '901'), events: ['a.other'], expiresAt: undefined });
    const end = world.time.now + 90 * DAY;
    let offSince: number | undefined;
    let longestOff = 0;
    for (let tick = 0; world.time.now < end; tick++) {
      world.time.now += HOUR;
      const [entry] = own();
      if (entry && tick % 300 === 150 && canBeOff) entry.enabled = false;
      if (entry && tick % 300 === 250 && upkeep.recreates) fake.entries.splice(fake.entries.indexOf(entry), 1);
      const isAway = tick % 600 >= 447 && tick % 600 < 452;
      const report = await run(
        isAway ? { http: () => Promise.resolve({ status: 503, headers: new Map(), body: '' }) } : {},
      );
      const delivers = own().some(
        ({ enabled, expiresAt = new Date(end * 2) }) => enabled && +expiresAt > world.time.now,
      );
      if (delivers) offSince = undefined;
      else {
        offSince ??= world.time.now;
        longestOff = Math.max(longestOff, world.time.now - offSince);
        // An end that is not mended at once is said by the poll itself.
        expect(report.outcome === 'failed' || (report.failing ?? 0) > 0).toBe(true);
      }
    }
    expect(longestOff).toBeLessThanOrEqual(6 * HOUR);
    expect(own()).toHaveLength(1);
    expect(own()[0]?.enabled).toBe(true);
    // Somebody else's is as it was.
    expect(fake.entries.find(({ url }) => url === OTHER)).toMatchObject({ id: '901', events: ['a.other'] });
  });

  it('is not made, nor missed, if it never was there', async () => {
    const { fake, run } = setUp(name);
    fake.entries.splice(0);
    const report = await run();
    expect(report).toMatchObject({ outcome: 'succeeded', registrations: [], failing: 0, reopened: false });
    expect(fake.entries).toEqual([]);
  });

  it('is switched on again, or made again, within a poll', async () => {
    const { own, run, isTold, upkeep, canBeOff, world } = setUp(name);
    if (!canBeOff) return;
    await run();
    const [entry] = own();
    if (entry) entry.enabled = false;
    const replaces = upkeep.enable === undefined;
    const report = await run();
    expect(report).toMatchObject({ outcome: 'succeeded', reopened: true, failing: 0 });
    expect(report.registrations).toMatchObject([{ state: replaces ? 'created' : 'enabled', events: ['a.one'] }]);
    expect(own()).toMatchObject([
      { enabled: true, events: ['a.one'], ...(!isTold && { secret: 'the signing secret' }) },
    ]);
    expect(world.staged).toEqual([]);
  });

  it('is made again if the provider deletes them by itself, and else is said to be gone', async () => {
    const { fake, own, run, upkeep, isTold, world } = setUp(name);
    await run();
    fake.entries.splice(0);
    const report = await run();
    if (!upkeep.recreates) {
      expect(report).toMatchObject({ failing: 1, reopened: false, registrations: [{ id: '900', state: 'gone' }] });
      expect(fake.entries).toEqual([]);
      return;
    }
    expect(report).toMatchObject({ outcome: 'succeeded', reopened: true, registrations: [{ state: 'created' }] });
    expect(own()).toMatchObject([{ events: ['a.one'] }]);
    // A secret that the provider has made is stored, and is in no report.
    expect(world.staged).toEqual(isTold ? [own()[0]?.secret] : []);
    expect(JSON.stringify([report, world.cursor.state])).not.toContain(own()[0]?.secret);
    expect(await run()).toMatchObject({ registrations: [{ state: 'active' }], reopened: false });
  });

  it('is left alone if it has another URL now', async () => {
    const { own, run } = setUp(name);
    await run();
    const [entry] = own();
    if (entry) entry.url = OTHER;
    expect(await run()).toMatchObject({ failing: 1, registrations: [{ id: '900', state: 'elsewhere' }] });
    expect(own()).toEqual([]);
  });

  it('is watched, and not touched, while its API does not answer', async () => {
    const { run, without } = setUp(name);
    await run();
    expect(await run(without('GET'))).toMatchObject({
      outcome: 'failed',
      faults: expect.arrayContaining(['registration_TypeError']),
      registrations: [{ id: '900', state: 'unknown' }],
    });
  });
});

describe('a registration that ends', () => {
  const ending = KEPT.filter(({ registration }) => registration?.upkeep && 'renew' in registration.upkeep).map(
    ({ name }) => [name] as const,
  );

  it.each(ending)('of %s is renewed in good time, and not before', async (name) => {
    const { own, run, world } = setUp(name);
    const [entry] = own();
    if (!entry) throw new Error('nothing is registered');
    entry.expiresAt = new Date(world.time.now + 29 * DAY);
    const early = await run();
    expect(early.registrations).toMatchObject([{ state: 'active', expiresAt: entry.expiresAt.toISOString() }]);
    expect(early.registrationDaysLeft).toBe(29);
    entry.expiresAt = new Date(world.time.now + HOUR);
    const due = await run();
    expect(due.registrations).toMatchObject([{ state: 'renewed' }]);
    expect(due.registrationDaysLeft).toBeGreaterThan(2);
    expect(entry.expiresAt.getTime()).toBeGreaterThan(world.time.now + 2 * DAY);
  });

  it.each(ending)('of %s is counted down while renewing fails, even if nothing answers', async (name) => {
    const { own, run, world, without } = setUp(name);
    const [entry] = own();
    if (!entry) throw new Error('nothing is registered');
    entry.expiresAt = new Date(world.time.now + HOUR);
    for (const method of ['PATCH', 'POST', 'PUT']) await run(without(method));
    await run();
    world.time.now = entry.expiresAt.getTime() - 12 * HOUR;
    expect(await run(without('GET'))).toMatchObject({ outcome: 'failed', registrationDaysLeft: 0.5 });
  });
});

describe('a registration with a secret that the provider tells once', () => {
  it('is deleted and made again if the poll died before the secret was stored', async () => {
    const { fake, own, run, world } = setUp('airtable');
    await run();
    fake.entries.splice(0);
    const stage = (): Promise<void> => Promise.reject(new Error('cut off'));
    expect(await run({ upkeep: { ...world.upkeep, stage } })).toMatchObject({ failing: 1, outcome: 'failed' });
    const [lost] = own();
    expect(lost).toBeDefined();
    await run();
    expect(own()).toHaveLength(1);
    expect(own()[0]?.id).not.toBe(lost?.id);
    expect(world.staged).toEqual([own()[0]?.secret]);
    expect(await run()).toMatchObject({ registrations: [{ state: 'active' }] });
  });

  it('that an operator has made meanwhile is kept', async () => {
    const { fake, own, run, entry, without } = setUp('airtable');
    await run();
    fake.entries.splice(0);
    const http = { ...without('POST') };
    const refused = await run({
      http: (request) =>
        request.method === 'POST'
          ? Promise.resolve({ status: 403, headers: new Map(), body: '{}' })
          : http.http(request),
    });
    expect(refused).toMatchObject({ faults: ['registration_http_403'], failing: 1 });
    fake.entries.push(entry(OWN_URL, '950'));
    expect(await run()).toMatchObject({ registrations: [{ id: '950' }] });
    expect(own()).toHaveLength(1);
  });
});

it('a subscription of Twitch that a person has revoked is not made again', async () => {
  const { own, run } = setUp('twitch');
  await run();
  const [entry] = own();
  if (entry) Object.assign(entry, { enabled: false, revoked: true });
  expect(await run()).toMatchObject({ failing: 1, registrations: [{ id: '900', state: 'disabled' }] });
  expect(own()).toMatchObject([{ id: '900', enabled: false }]);
});

it('nothing is made for a customer whose secret has no value', async () => {
  const { fake, run, world } = setUp('twitch');
  await run();
  fake.entries.splice(0);
  const upkeep = { ...world.upkeep, secret: () => Promise.resolve(undefined) };
  expect(await run({ upkeep })).toMatchObject({ faults: ['registration_no_secret'], failing: 1 });
  expect(fake.entries).toEqual([]);
});
