import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../lambdas/core/hash.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import { isRight } from './account.ts';
import { isGone } from './doom.ts';
import type { Kind, PlannedEvent } from './events.ts';
import type { Taken } from './receiver.ts';
import { FORWARDING, TYPES } from './settings.ts';
import { accountAt, alteredAt, doomedAt, isWanted, QUEUE_TARGET, URL_TARGET } from './targets.ts';
import type { AtTargets } from './targets.ts';

const [source] = resolveConfig({
  sources: { [FORWARDING]: { provider: 'osigu', environment: 'production' } },
}).sources;
if (!source) throw new Error('there is no source');

let ids = 0;
/** An event that the receiver takes, unless it is to be one that it never takes. */
function event(type: string, { kind = 'once', gone = false }: { kind?: Kind; gone?: boolean } = {}): PlannedEvent {
  for (;;) {
    const body = Buffer.from(kind === 'unreadable' ? 'no JSON' : JSON.stringify({ event_type: type, id: ids++ }));
    if (kind !== 'unreadable' && isGone(body) !== gone) continue;
    return { kind, source, body, id: `${FORWARDING}#${ids}`, isDoomed: false } as PlannedEvent;
  }
}
const at = (target: string, { id }: PlannedEvent): string => target + id.slice(FORWARDING.length);

/** A run in which every target took what it wants, but for the changes. */
function run(events: readonly PlannedEvent[], changes: Partial<AtTargets> = {}): AtTargets {
  const acknowledged = new Set(events.filter(({ kind }) => kind !== 'forged').map(({ id }) => id));
  const dead = new Set(doomedAt(URL_TARGET, events, acknowledged));
  const wanted = [URL_TARGET, QUEUE_TARGET].flatMap((target) =>
    events.filter((each) => isWanted(target, each)).map((each) => at(target, each)),
  );
  const status = (id: string) => ({
    status: dead.has(id) ? 'QUEUED' : 'PROCESSED',
    processedAt: 2,
    failures: [],
  });
  return {
    ...{ events, acknowledged, dead },
    taken: new Map(wanted.filter((id) => !dead.has(id)).map((id) => [id, [1]])),
    ledger: new Map(wanted.map((id) => [id, status(id)])),
    ...changes,
  };
}

const EVENTS = [
  ...Object.values(TYPES).map((type) => event(type)),
  ...[
    event(TYPES.both, { gone: true }),
    event(TYPES.both, { kind: 'forged' }),
    event(TYPES.both, { kind: 'unreadable' }),
  ],
];
const [both, url, queue, none, gone, forged] = EVENTS as [
  PlannedEvent,
  PlannedEvent,
  PlannedEvent,
  PlannedEvent,
  PlannedEvent,
  PlannedEvent,
];

describe('the account of a target', () => {
  it('is right if it took what it wants, once, and nothing else', () => {
    const ofUrl = accountAt(URL_TARGET, run(EVENTS));
    expect(ofUrl).toMatchObject({ sent: 3, processed: 2, dead: 1, forged: 4 });
    const ofQueue = accountAt(QUEUE_TARGET, run(EVENTS));
    expect(ofQueue).toMatchObject({ sent: 3, processed: 3, dead: 0, forged: 4 });
    expect([ofUrl, ofQueue].map(isRight)).toStrictEqual([true, true]);
  });

  it.each<
    [
      string,
      'lost' | 'twice' | 'accepted' | 'stranded' | 'contradicted',
      PlannedEvent,
      (known: AtTargets, id: string) => Partial<AtTargets>,
    ]
  >([
    ['did not take what it wants', 'lost', both, ({ taken }, id) => ({ taken: without(taken, id) })],
    ['took an event twice', 'twice', url, ({ taken }, id) => ({ taken: new Map([...taken, [id, [1, 2]]]) })],
    [
      'took an event that it does not want',
      'accepted',
      queue,
      ({ taken }, id) => ({ taken: new Map([...taken, [id, [1]]]) }),
    ],
    [
      'was told of an event that it does not want',
      'accepted',
      none,
      ({ ledger }, id) => ({
        ledger: new Map([...ledger, [id, { status: 'PENDING', processedAt: undefined, failures: [] }]]),
      }),
    ],
    ['took a forgery', 'accepted', forged, ({ taken }, id) => ({ taken: new Map([...taken, [id, [1]]]) })],
    [
      'has a dead letter that a try would handle',
      'stranded',
      url,
      ({ taken, dead }, id) => ({ dead: new Set([...dead, id]), taken: without(taken, id) }),
    ],
    ['has no dead letter of an event that it never takes', 'lost', gone, () => ({ dead: new Set<string>() })],
    ['is said to have taken what it has not', 'contradicted', url, ({ taken }, id) => ({ taken: without(taken, id) })],
  ])('is wrong if it %s', (_what, how, which, change) => {
    const [known, id] = [run(EVENTS), at(URL_TARGET, which)];
    const account = accountAt(URL_TARGET, { ...known, ...change(known, id) });
    expect(account[how]).toContain(id);
    expect(isRight(account)).toBe(false);
  });
});

const without = <Value>(map: ReadonlyMap<string, Value>, id: string): ReadonlyMap<string, Value> =>
  new Map([...map].filter(([key]) => key !== id));

it('finds an event that the receiver got with other bytes, or under two ids', () => {
  const key = url.id.slice(FORWARDING.length + 1);
  const right: Taken = { at: 1, place: 0, id: 'evt_1', bodyHash: sha256(url.body) };
  const altered = (...taken: Taken[]) => alteredAt({ taken: new Map([[key, taken]]) }, EVENTS);
  expect(altered(right, right)).toStrictEqual([]);
  expect(altered({ ...right, bodyHash: sha256('other') })).toStrictEqual([at(URL_TARGET, url)]);
  expect(altered(right, { ...right, id: 'evt_2' })).toStrictEqual([at(URL_TARGET, url)]);
});
