import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { cachedKeys } from '../../../lambdas/adapters/keys.ts';
import type { KeyRequest } from '../../../lambdas/core/key-request.ts';
import { keyPairFrom } from '../../../lambdas/core/schemes/key-pair.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const keyOf = (id: string): KeyObject => createPublicKey(keyPairFrom('ed25519', id).privateKey);

/** A provider that publishes keys, its clock, and how often it was asked. */
function setUp(...published: string[]) {
  const state = { now: 0, calls: 0, down: false, published };
  const http = async () => {
    state.calls++;
    await Promise.resolve();
    if (state.down) throw new Error('down');
    return { status: 200, headers: new Map<string, string>(), body: state.published.join() };
  };
  const request = (id: string, isSingle = false): KeyRequest => ({
    ...{ set: 'https://keys.example.com', id, isSingle },
    call: { method: 'GET', url: 'https://keys.example.com' },
    read: ({ body }) =>
      body === 'nonsense'
        ? undefined
        : new Map(body.split(',').flatMap((name) => (isSingle && name !== id ? [] : [[name, keyOf(name)] as const]))),
  });
  const keys = cachedKeys(http, () => state.now);
  return { state, get: (id: string, isSingle = false) => keys.get(request(id, isSingle)) };
}

describe('the keys that a provider publishes', () => {
  it('are fetched once for all that wait, and kept for an hour', async () => {
    const { state, get } = setUp('one', 'two');
    const [one, two] = await Promise.all([get('one'), get('two'), get('one')]);
    expect([one?.equals(keyOf('one')), two?.equals(keyOf('two'))]).toEqual([true, true]);
    state.now = HOUR - 1;
    await get('one');
    expect(state.calls).toBe(1);
    state.now = HOUR;
    await get('one');
    expect(state.calls).toBe(2);
  });

  it('are fetched again for an unknown id, and seldom, however many ids come', async () => {
    const { state, get } = setUp('one');
    await get('one');
    state.now = MINUTE;
    state.published = ['one', 'two'];
    expect(await get('two')).toBeDefined();
    for (let id = 0; id < 1000; id++) expect(await get(`made up ${id}`)).toBeUndefined();
    expect(state.calls).toBe(2);
  });

  it('are used on for a day if they cannot be fetched, and an unknown one is not refused', async () => {
    const { state, get } = setUp('one');
    await get('one');
    state.down = true;
    state.now = 23 * HOUR;
    expect(await get('one')).toBeDefined();
    await expect(get('two')).rejects.toThrow();
    state.now = 25 * HOUR;
    await expect(get('one')).rejects.toThrow();
    state.down = false;
    state.now += MINUTE;
    expect(await get('one')).toBeDefined();
  });

  it('are unavailable, and not busy, if their fetch fails', async () => {
    const { state, get } = setUp('nonsense');
    await expect(get('one', true)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    await expect(get('one', true)).rejects.toMatchObject({ name: 'KeysUnavailable' });
    expect(state.calls).toBe(1);
  });

  it('are not asked for again and again while the provider is down', async () => {
    const { state, get } = setUp('one');
    state.down = true;
    for (let tries = 0; tries < 100; tries++) await expect(get('one')).rejects.toThrow();
    expect(state.calls).toBe(1);
  });

  it('are none if the answer is not one of the provider', async () => {
    const { state, get } = setUp('nonsense');
    await expect(get('one')).rejects.toThrow('');
    expect(state.calls).toBe(1);
  });
});

describe('keys that are fetched one by one', () => {
  it('are asked for by id, a few at a time: whoever makes up ids delays nobody by a rejection', async () => {
    const { state, get } = setUp('one');
    expect(await get('one', true)).toBeDefined();
    for (let id = 0; id < 9; id++) expect(await get(`made up ${id}`, true)).toBeUndefined();
    // A stranger can have it so: it is not an outage of the provider's.
    await expect(get('two', true)).rejects.toMatchObject({ name: 'UndecidedError', reason: 'keys_busy' });
    expect(state.calls).toBe(10);
    expect(await get('one', true)).toBeDefined();
    state.now = MINUTE;
    state.published = ['one', 'two'];
    expect(await get('two', true)).toBeDefined();
  });

  it('are not forgotten for ids that were made up', async () => {
    const { state, get } = setUp('one');
    await get('one', true);
    for (let round = 1; round <= 20; round++) {
      state.now = round * MINUTE;
      for (let id = 0; id < 10; id++) await get(`made up ${round} ${id}`, true);
    }
    const { calls } = state;
    expect(await get('one', true)).toBeDefined();
    expect(state.calls).toBe(calls);
  });
});
