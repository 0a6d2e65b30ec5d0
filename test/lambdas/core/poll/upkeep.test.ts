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
      world.promote();
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

describe('what was made', () => {
  const answer = (status: number, body: unknown) =>
    Promise.resolve({ status, headers: new Map(), body: typeof body === 'string' ? body : JSON.stringify(body) });
  const RECREATED = KEPT.filter(({ registration }) => registration?.upkeep?.recreates).map(
    ({ name }) => [name] as const,
  );
  /** A world whose registration is gone, and whose API answers the making of another in a way of its own. */
  const setUpGone = async (name: string) => {
    const all = setUp(name);
    await all.run();
    all.fake.entries.splice(0);
    const made: unknown[] = [];
    const making = (act: typeof all.world.parts.http) =>
      all.run({
        http: (request) => {
          if (request.method !== 'POST' || request.url.includes('token')) return all.world.parts.http(request);
          made.push(request);
          return act(request);
        },
      });
    return { ...all, made, making };
  };

  it.each(RECREATED)('by %s, and is not listed, is not made again', async (name) => {
    const { fake, made, making, world } = await setUpGone(name);
    for (let times = 0; times < 50; times++) {
      const report = await making(world.parts.http);
      fake.entries.splice(0);
      world.promote();
      if (times > 0) expect(report).toMatchObject({ failing: 1, faults: ['registration_made_not_listed'] });
    }
    expect(made).toHaveLength(1);
  });

  it.each(RECREATED)('by %s without saying what is a fault, and the event types are kept', async (name) => {
    for (const [status, body] of [
      [202, ''],
      [200, '{}'],
      [200, 'accepted'],
    ] as const) {
      const { making, run, world, fake, own, isTold } = await setUpGone(name);
      const report = await making(() => answer(status, body));
      expect(report).toMatchObject({ outcome: 'failed', failing: 1, registrations: [{ id: '900', state: 'gone' }] });
      expect(report.faults).toEqual([expect.stringMatching(/^registration_(?:no_id|not_json|not_a_list)$/)]);
      expect(JSON.parse(world.cursor.state?.registered ?? '')).toMatchObject({ known: [{ events: ['a.one'] }] });
      // Some made it all the same.
      fake.entries.push({ ...entryLike(fake.entries), id: '950', url: OWN_URL, events: ['a.one'] });
      const next = await run();
      if (!isTold) expect(next.registrations).toMatchObject([{ id: '950', state: 'active' }]);
      expect(own()).toHaveLength(1);
    }
  });

  it.each(RECREATED)('by %s under another URL is a fault, and no further one is made', async (name) => {
    const { made, making, own, world } = await setUpGone(name);
    const elsewhere = (request: { readonly body?: string }) =>
      (request.body ?? '').replaceAll(OWN_URL, 'https://elsewhere.example.com/hook');
    if (name === 'airtable') return; // Its answer names no URL.
    for (let times = 0; times < 3; times++)
      await making((request) => world.parts.http({ ...request, body: elsewhere(request) }));
    expect(made).toHaveLength(1);
    expect(own()).toEqual([]);
  });

  it.each(RECREATED)('by %s without an answer is tried less and less often', async (name) => {
    const { made, making, world } = await setUpGone(name);
    for (let times = 0; times < 50; times++) {
      await making(() => Promise.reject(new TypeError('fetch failed')));
      world.time.now += 300_000;
    }
    expect(made.length).toBeGreaterThan(3);
    expect(made.length).toBeLessThan(10);
  });

  const entryLike = (entries: readonly FakeRegistration[]): FakeRegistration =>
    entries[0] ?? { id: '', url: '', events: [], enabled: true, secret: 'the signing secret' };
});

describe('a secret that waits to become the current one', () => {
  it('is not put out of its place: nothing is made while it waits', async () => {
    const { fake, own, run, world } = setUp('airtable');
    await run();
    world.labels.pending = 'an-operators';
    fake.entries.splice(0);
    expect(await run()).toMatchObject({ failing: 1, faults: ['registration_secret_pending'] });
    expect(own()).toEqual([]);
    world.promote();
    expect(await run()).toMatchObject({ outcome: 'succeeded', registrations: [{ state: 'created' }] });
  });

  it('is one for each poll, however many registrations are gone', async () => {
    const { fake, own, run, world, entry } = setUp('airtable');
    fake.entries.push({ ...entry(OWN_URL, '901'), events: ['a.two'] });
    await run();
    fake.entries.splice(0);
    for (let times = 0; times < 3; times++)
      expect(await run()).toMatchObject({ failing: 1, faults: ['registration_secret_pending'] });
    expect(world.staged).toEqual([own()[0]?.secret]);
    world.promote();
    expect(await run()).toMatchObject({ failing: 0, registrations: [{ state: 'active' }, { state: 'created' }] });
    expect(own()).toHaveLength(2);
  });
});

describe('after a poll that died while it made a registration', () => {
  /** The poll has made one, and died before it could store its secret. */
  const setUpDead = async (hasMade = true) => {
    const all = setUp('airtable');
    await all.run();
    all.fake.entries.splice(0);
    await (hasMade
      ? all.run({ upkeep: { ...all.world.upkeep, stage: () => Promise.reject(new Error('cut off')) } })
      : all.run(all.without('POST')));
    expect(all.own()).toHaveLength(hasMade ? 1 : 0);
    return all;
  };

  it('a registration is kept whose secret an operator has stored', async () => {
    for (const store of [
      (labels: { current: string; pending?: string | undefined }) => (labels.pending = 'v9'),
      (labels: { current: string; pending?: string | undefined }) => (labels.current = 'v9'),
    ]) {
      const { fake, entry, run, world, own } = await setUpDead(false);
      fake.entries.push(entry(OWN_URL, '950'));
      store(world.labels);
      expect(await run()).toMatchObject({ registrations: [{ id: '950' }], failing: 0 });
      expect(own()).toMatchObject([{ id: '950' }]);
    }
  });

  it('nothing is deleted if two are new, and nothing more is made', async () => {
    const { fake, entry, run, own } = await setUpDead();
    fake.entries.push(entry(OWN_URL, '950'));
    for (let times = 0; times < 2; times++) expect((await run()).faults).toEqual(['registration_secret_unclear']);
    expect(own()).toHaveLength(2);
  });
});

it('two registrations of one URL and the same events are a fault', async () => {
  const { fake, run, entry } = setUp('microsoft-graph');
  fake.entries.push(entry(OWN_URL, '901'));
  expect(await run()).toMatchObject({ outcome: 'failed', faults: ['registration_registered_twice'] });
  fake.entries.splice(1, 1, { ...entry(OWN_URL, '902'), events: ['a.two'] });
  expect((await run()).faults).toEqual([]);
});

it('more registrations than can be remembered are a fault, and those that are remembered stay', async () => {
  const { fake, run, entry, world } = setUp('github');
  await run();
  for (let n = 0; n < 2000; n++) fake.entries.unshift({ ...entry(OWN_URL, String(1000 + n)), events: [`a.${n}`] });
  const report = await run();
  expect(report.faults).toEqual(['registration_too_many']);
  expect(report.registrations).toContainEqual(expect.objectContaining({ id: '900', state: 'active' }));
  expect(JSON.stringify(report).length + (world.cursor.state?.registered ?? '').length).toBeLessThan(300_000);
});
