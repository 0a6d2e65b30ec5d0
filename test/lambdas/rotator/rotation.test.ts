import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Crash, RotationWorld } from './rotation.ts';
import type { RotatedSource } from './rotation.ts';

let world: RotationWorld;

beforeAll(async () => {
  world = await RotationWorld.start();
});
afterEach(() => {
  world.providers.misbehaviours.clear();
  world.aws.faults.clear();
});
afterAll(() => world.stop());

/** One current secret, which Optum signs with, and nothing pending; and no delivery was refused on the way there. */
function expectRotated(source: RotatedSource, first: string | undefined): void {
  const [current, ...others] = source.withLabel('AWSCURRENT');
  expect(others).toEqual([]);
  expect(current).toMatch(/^[0-9a-f]{64}$/);
  expect(source.optum.key).toBe(current);
  expect(source.withLabel('AWSPENDING')).toEqual([]);
  expect(source.labelled('AWSPREVIOUS')).toBe(first);
  expect(source.refused).toEqual([]);
}

describe('a rotation', () => {
  it('gives both sides a new secret of 256 bits, and keeps the rest of the subscription', async () => {
    const source = world.source();
    const first = source.labelled('AWSCURRENT');
    const { url, eventNames } = source.optum;
    await source.rotate(randomUUID());
    expectRotated(source, first);
    expect(source.optum).toMatchObject({ url, eventNames });
  });

  it('that is run again when it is done changes nothing', async () => {
    const source = world.source();
    const first = source.labelled('AWSCURRENT');
    const token = randomUUID();
    await source.rotate(token);
    const { key } = source.optum;
    await source.rotate(token);
    expect(source.optum.key).toBe(key);
    expectRotated(source, first);
  });

  it('follows upon another', async () => {
    const source = world.source();
    await source.rotate(randomUUID());
    const second = source.labelled('AWSCURRENT');
    source.addVerifier();
    await source.rotate(randomUUID());
    expect(source.labelled('AWSPREVIOUS')).toBe(second);
    expect(source.labelled('AWSCURRENT')).toBe(source.optum.key);
  });
});

/** Every call of a rotation without a fault, in order. */
const CALLS = 18;

describe('a crash', () => {
  it('can come after each of these calls', async () => {
    const source = world.source();
    await source.rotate(randomUUID());
    expect(source.calls).toHaveLength(CALLS);
    expect(new Set(source.calls)).toEqual(
      new Set([
        'GetSecretValueCommand',
        'PutSecretValueCommand',
        'UpdateSecretVersionStageCommand',
        'POST oauth',
        'GET optum',
        'PUT optum',
      ]),
    );
  });

  describe.each(Array.from({ length: CALLS }, (_, index) => index + 1))('after call %i', (call) => {
    it.each([
      ['the same', (token: string) => token],
      ['a new', () => randomUUID()],
    ])('is made good by %s rotation', async (_, nextToken) => {
      const source = world.source();
      const first = source.labelled('AWSCURRENT');
      const token = randomUUID();
      await expect(source.rotate(token, call)).rejects.toThrow(Crash);
      const isOver = source.labelled('AWSCURRENT') !== first;
      // Containers that start now, and one that knows nothing but the state between.
      source.addVerifier();
      await source.deliver('crash');
      // A rotation that had made its version the current one is over: a new one is the next.
      await source.rotate(isOver ? token : nextToken(token));
      await source.deliver('rotation');
      expectRotated(source, first);
    });

    it('and never a second try leaves every delivery accepted', async () => {
      const source = world.source();
      await expect(source.rotate(randomUUID(), call)).rejects.toThrow(Crash);
      source.addVerifier();
      await source.deliver('crash');
      await source.deliver('crash');
      expect(source.refused).toEqual([]);
      expect(source.withLabel('AWSCURRENT')).toHaveLength(1);
    });
  });
});

describe('a rotation that fails', () => {
  it.each([400, 401, 403, 404, 409, 500, 503])('with %i from Optum leaves the old secret in force', async (status) => {
    const source = world.source();
    const first = source.labelled('AWSCURRENT');
    world.providers.misbehaviours.add({ method: 'PUT', kind: 'status', status, times: 10 });
    await expect(source.rotate(randomUUID())).rejects.toMatchObject({
      name: 'RotationError',
      reason: `http_${status}`,
    });
    expect(source.labelled('AWSCURRENT')).toBe(first);
    expect(source.optum.key).toBe(first);
    expect(source.refused).toEqual([]);
  });

  it('at Optum succeeds the next time, with the secret that was meant', async () => {
    const source = world.source();
    const first = source.labelled('AWSCURRENT');
    world.providers.misbehaviours.add({ method: 'PUT', kind: 'status', status: 500 });
    await expect(source.rotate(randomUUID())).rejects.toThrow('http_500');
    const meant = source.labelled('AWSPENDING');
    await source.rotate(randomUUID());
    expectRotated(source, first);
    expect(source.optum.key).toBe(meant);
  });

  it('because its answer was lost has the provider sign with a secret that is accepted', async () => {
    const source = world.source();
    const first = source.labelled('AWSCURRENT');
    world.providers.misbehaviours.add({ method: 'PUT', kind: 'cut' });
    const token = randomUUID();
    await expect(source.rotate(token)).rejects.toMatchObject({ name: 'HttpFault' });
    await source.deliver('lost answer');
    await source.rotate(token);
    expectRotated(source, first);
  });

  it('with no client credentials asks for nothing', async () => {
    const source = world.source();
    const first = source.labelled('AWSCURRENT');
    world.providers.misbehaviours.add({ path: '/oauth/token', kind: 'status', status: 401, times: 10 });
    await expect(source.rotate(randomUUID())).rejects.toMatchObject({ reason: 'token_refused' });
    expect(source.optum.key).toBe(first);
    expect(source.labelled('AWSCURRENT')).toBe(first);
  });

  it('does not touch a subscription that it cannot read', async () => {
    const source = world.source();
    const first = source.optum.key;
    source.optum.eventNames = [];
    await expect(source.rotate(randomUUID())).rejects.toMatchObject({ reason: 'no_subscription' });
    expect(source.optum.key).toBe(first);
  });
});

describe('a secret that an operator has staged', () => {
  it('is the one that a rotation sets', async () => {
    const source = world.source();
    const { store } = world.aws.services.secretsManager;
    store.put(source.secret, 'staged-by-a-person', ['AWSPENDING']);
    await source.rotate(randomUUID());
    expect(source.optum.key).toBe('staged-by-a-person');
    expect(source.labelled('AWSCURRENT')).toBe('staged-by-a-person');
  });
});
