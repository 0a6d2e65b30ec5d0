import { describe, expect, it } from '@jest/globals';
import { accept } from '../../../../lambdas/core/accept.ts';
import { sha256 } from '../../../../lambdas/core/hash.ts';
import { delivered, exclusion, handledIds, optumEvent, setUpPoll } from './fixtures.ts';
import type { World } from './fixtures.ts';

const DEEP = '['.repeat(20_000) + ']'.repeat(20_000);

/** Lists these texts as they are: no stand-in could write them. */
const listing = (world: World, path: string, wrap: (list: string) => string, entries: readonly string[]) => ({
  http: (request: Parameters<World['parts']['http']>[0]) =>
    request.method === 'GET' && new URL(request.url).pathname.endsWith(path)
      ? Promise.resolve({ status: 200, headers: new Map<string, string>(), body: wrap(`[${entries.join(',')}]`) })
      : world.parts.http(request),
});

describe('a bad entry of a list', () => {
  it('that nests deep is counted, quarantined by its hash, and stops nothing: NVSEP', async () => {
    const world = setUpPoll('nvsep', { pageSize: 1 });
    const bad = `{"id":"deep","createdAt":"2026-03-01T09:29:00.000Z","x":${DEEP}}`;
    const entries = [...['e0', 'e1'].map((id) => JSON.stringify(exclusion(id))), bad, DEEP];
    const last = ['e2', 'e3'].map((id) => JSON.stringify(exclusion(id)));
    const http = listing(world, '/exclusions', (list) => `{"entries":${list},"meta":{}}`, [...entries, ...last]);
    expect(await world.run(http)).toMatchObject({
      ...{ outcome: 'succeeded', listed: 6, accepted: 4, quarantined: 2, failed: 0 },
      malformed: { entry_too_deep: 1, entry_not_object: 1 },
    });
    expect(world.quarantine.events.map(({ key, quarantine }) => [key, quarantine])).toEqual(
      [bad, DEEP].map((text) => [`sha256:${sha256(text)}`, 'unreadable_missed_event']),
    );
    expect(world.quarantine.events.map(({ body }) => body.toString() === bad || body.toString() === DEEP)).toEqual([
      true,
      true,
    ]);
    // The cursor has passed it.
    expect(world.cursor.state?.position).toBe('deep');
    expect(await world.run(http)).toMatchObject({ known: 6, quarantined: 0 });
    await world.process();
    expect(handledIds(world.handled).sort()).toEqual(['e0', 'e1', 'e2', 'e3']);
  });

  it('that nests deep is acknowledged when it is safe: Optum', async () => {
    const world = setUpPoll('optum');
    const entry = (id: string, payload: string): string => `{"id":${JSON.stringify(id)},"eventPayload":${payload}}`;
    const acknowledged: string[] = [];
    world.hooks.onRequest = ({ url, body }) => {
      if (url.pathname.endsWith('/acknowledge')) acknowledged.push(body.toString());
    };
    const http = listing(world, '/missed-events', (list) => list, [
      entry('1', JSON.stringify(optumEvent('a'))),
      entry('2', DEEP),
      entry('3', JSON.stringify(optumEvent('b'))),
    ]);
    expect(await world.run(http)).toMatchObject({
      ...{ accepted: 2, quarantined: 1, failed: 0, acknowledged: 3 },
      malformed: { entry_too_deep: 1 },
    });
    expect(acknowledged).toEqual(['{"ids":["1","2","3"]}']);
  });
});

describe('two events of which one reads as the key of the other', () => {
  const id = 'exclusion:x1';

  it.each(['the delivery', 'the list'])('are both processed, first %s', async (first) => {
    const world = setUpPoll('nvsep');
    world.nvsep.entries.push(exclusion('x1'));
    const webhook = JSON.stringify({ id, type: 'cfs_exclusions.created', data: exclusion('another') });
    const deliver = () => accept(delivered(world, webhook), { ...world.parts, observer: world.observer });
    if (first === 'the list') await world.run();
    expect(await deliver()).toBe('accepted');
    expect(await world.run()).toMatchObject(first === 'the list' ? { known: 1 } : { accepted: 1 });
    expect(world.queue.events.map(({ key }) => key)).toEqual([id, id]);
    await world.process();
    expect(handledIds(world.handled).sort()).toEqual([id, 'x1'].sort());
    expect(world.quarantine.events).toEqual([]);
  });

  it('are told apart as the hash of a body, the hash of a long id, a number, and a conflict', async () => {
    const world = setUpPoll('nvsep');
    const deliver = (body: string) => accept(delivered(world, body), { ...world.parts, observer: world.observer });
    const withId = (of: unknown): string => JSON.stringify({ id: of, type: 't' });
    const long = 'k'.repeat(501);
    expect(await deliver('no JSON')).toBe('quarantined');
    expect(await deliver(withId(long))).toBe('accepted');
    expect(await deliver(withId(7))).toBe('accepted');
    expect(await deliver(withId('a'))).toBe('accepted');
    expect(await deliver(`${withId('a')} `)).toBe('conflict');
    const made = [...world.queue.events, ...world.quarantine.events].map(({ key }) => key);
    for (const key of made.filter((each) => each !== 'a')) expect(await deliver(withId(key))).toBe('accepted');
    expect(await deliver(withId(7))).toBe('duplicate');
    expect(await deliver(withId('7'))).toBe('duplicate');
  });
});
