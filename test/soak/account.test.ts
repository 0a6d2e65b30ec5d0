import { describe, expect, it } from '@jest/globals';
import { accountOf, isRight } from './account.ts';
import type { Fate } from './account.ts';
import { seeded } from './random.ts';

const right: Fate = {
  id: 'osigu#1',
  kind: 'once',
  acknowledged: true,
  published: [1],
  status: 'PROCESSED',
  waits: false,
};
const quarantined: Fate = {
  ...right,
  id: 'osigu#2',
  kind: 'unreadable',
  published: [],
  status: 'QUARANTINED',
  waits: true,
};
const forged: Fate = { ...right, id: 'osigu#3', kind: 'forged', acknowledged: false, published: [], status: undefined };

describe('the account of a run', () => {
  it('is right where every event met its fate', () => {
    const account = accountOf([right, quarantined, forged]);
    expect(account).toMatchObject({ sent: 2, forged: 1, acknowledged: 2, processed: 1, quarantined: 1, givenUp: 0 });
    expect(isRight(account)).toBe(true);
  });

  it('promises nothing of what was never acknowledged', () => {
    const givenUp: Fate = { ...right, acknowledged: false, published: [], status: 'PENDING' };
    expect(accountOf([right, givenUp])).toMatchObject({ givenUp: 1, lost: [] });
  });

  it('excuses a second run of a handler that was ended, or whose answer did not come, and of no other', () => {
    const twice: Fate = { ...right, published: [1, 2], processedAt: 3 };
    for (const ended of ['handler_exited', 'handler_aborted', 'uncaught_Error', 'TimeoutError'])
      for (const failures of [[ended], [ended, 'RangeError']])
        expect(accountOf([{ ...twice, failures }])).toMatchObject({ twice: [], known: [], excused: [right.id] });
    expect(accountOf([{ ...twice, failures: ['RangeError'] }])).toMatchObject({
      ...{ twice: [right.id], excused: [] },
      known: [
        `${right.id}: published at 1970-01-01T00:00:00.001Z and 1970-01-01T00:00:00.002Z, marked at 1970-01-01T00:00:00.003Z; failed tries: RangeError`,
      ],
    });
  });

  it('takes a dead letter that can be nothing else for safe', () => {
    const doomed: Fate = { ...right, published: [], status: 'QUEUED', isDoomed: true, isDead: true };
    const account = accountOf([right, doomed]);
    expect([account.dead, isRight(account)]).toEqual([1, true]);
  });

  it('does not mind the copy of a processed event among the dead letters', () => {
    expect(isRight(accountOf([{ ...right, isDead: true }]))).toBe(true);
  });

  it('names a dead letter that a try would have handled', () => {
    const account = accountOf([right, { ...right, id: 'x', published: [], status: 'QUEUED', isDead: true }]);
    expect([account.stranded, account.lost, isRight(account)]).toEqual([['x'], ['x'], false]);
  });

  it.each<['lost' | 'twice' | 'accepted' | 'contradicted', Fate]>([
    ['lost', { ...right, published: [], status: 'QUEUED', isDoomed: true }],
    ['contradicted', { ...right, status: 'QUEUED', isDoomed: true, isDead: true }],
    ['lost', { ...right, published: [], status: 'QUEUED' }],
    ['lost', { ...quarantined, status: 'PENDING', waits: false }],
    ['lost', { ...right, published: [], status: undefined }],
    ['twice', { ...right, published: [1, 2] }],
    ['accepted', { ...forged, acknowledged: true }],
    ['accepted', { ...forged, published: [1] }],
    ['accepted', { ...forged, status: 'PENDING' }],
    ['accepted', { ...forged, waits: true }],
    ['contradicted', { ...right, kind: 'once', published: [], status: 'QUARANTINED' }],
    ['contradicted', { ...right, status: 'QUEUED' }],
    ['contradicted', { ...right, published: [] }],
  ])('is wrong where something is %s: %j', (what, fate) => {
    const account = accountOf([right, fate]);
    expect(account[what]).toEqual([fate.id]);
    expect(isRight(account)).toBe(false);
  });

  it('takes for safe what waits, also where its mark failed', () => {
    expect(isRight(accountOf([right, { ...quarantined, status: 'PENDING' }]))).toBe(true);
  });

  it('counts apart what has an excuse', () => {
    const twice = { ...right, published: [1, 2] };
    const account = accountOf([twice], ({ id }) => id === twice.id);
    expect(account).toMatchObject({ twice: [], excused: [twice.id] });
    expect(isRight(account)).toBe(true);
  });

  it('is not right where nothing was sent', () => {
    expect(isRight(accountOf([]))).toBe(false);
  });
});

it('the numbers of a run follow from its seed', () => {
  const [one, same, other] = [seeded(7), seeded(7), seeded(8)];
  const numbers = Array.from({ length: 100 }, one);
  expect(Array.from({ length: 100 }, same)).toEqual(numbers);
  expect(Array.from({ length: 100 }, other)).not.toEqual(numbers);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
});
