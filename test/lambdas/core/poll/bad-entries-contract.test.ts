import { describe, expect, it } from '@jest/globals';
import { EACH, findSlices } from '../../../../lambdas/core/json-slices.ts';
import { isObject } from '../../../../lambdas/core/json.ts';
import { isLog, isNumbered } from '../../../../lambdas/core/missed-events.ts';
import { providers } from '../../../../lambdas/providers/index.ts';
import { exclusion, optumEvent, setUpPoll, SUBSCRIPTION } from './fixtures.ts';
import type { World } from './fixtures.ts';
import { setUpLog } from './log-world.ts';

const MINUTE = 60_000;
/** Events that a provider has missed, and how many of them a page has: three pages. */
const EVENTS = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'];
const PAGE_SIZE = 2;

/** A provider that has missed {@link EVENTS}. `recover` polls until nothing is left to do. */
interface Missing {
  readonly world: World;
  readonly recover: (changes: Parameters<World['run']>[0]) => Promise<void>;
}

function missingFromLog(name: string): Missing {
  const { world, log, happen, recover } = setUpLog(name);
  log.pageSize = PAGE_SIZE;
  for (const event of EVENTS) {
    world.time.now += 2000;
    happen(event, false);
  }
  return { world, recover: (changes) => recover(changes, 4) };
}

/** The stand-ins for the providers that list what they have missed. A new list has a line here. */
const LISTS: Readonly<Record<string, () => World>> = {
  optum() {
    const world = setUpPoll('optum');
    for (const event of EVENTS) world.optum.miss(SUBSCRIPTION, optumEvent(event));
    world.optum.pageSize = PAGE_SIZE;
    return world;
  },
  nvsep() {
    const world = setUpPoll('nvsep', { pageSize: PAGE_SIZE });
    world.nvsep.entries.push(...EVENTS.map((id) => exclusion(id)));
    return world;
  },
};

function missingFromList(name: string): Missing {
  const world = LISTS[name]?.();
  if (!world) throw new Error(`there is no stand-in for the list of ${name}`);
  const recover: Missing['recover'] = async (changes) => {
    for (let polls = 0; polls < 4; polls++) {
      world.time.now += 5 * MINUTE;
      const { outcome, accepted, left } = await world.run(changes);
      await world.process();
      if (outcome === 'succeeded' && accepted + left === 0) return;
    }
    throw new Error('the polls came to no end');
  };
  return { world, recover };
}

const MISSED = [...providers.values()].flatMap(({ name, missedEvents: missed }) =>
  !missed || isNumbered(missed) ? [] : [{ name, isLogged: isLog(missed) }],
);

/** The texts of the entries of a page, if an answer is one. */
function entriesOf(answer: string): readonly (readonly [start: number, end: number])[] {
  const value: unknown = JSON.parse(answer);
  const field = isObject(value) ? Object.keys(value).find((name) => Array.isArray(value[name])) : undefined;
  if (!Array.isArray(value) && field === undefined) return [];
  return findSlices(Buffer.from(answer), field === undefined ? [EACH] : [field, EACH]).map(({ at }) => at);
}

/** Calls of the stand-in, each page of which is changed on its way. */
const changing = ({ parts }: World, change: (page: string, entries: ReturnType<typeof entriesOf>) => string) => ({
  http: (async (request) => {
    const answer = await parts.http(request);
    if (request.method !== 'GET' || answer.status !== 200) return answer;
    const entries = entriesOf(answer.body);
    return entries.length === 0 ? answer : { ...answer, body: change(answer.body, entries) };
  }) satisfies World['parts']['http'],
});

/** Puts a bad entry behind the last entry of every page; it is made of the page's first entry. */
const endingIn = (world: World, bad: (first: string) => string) =>
  changing(world, (page, entries) => {
    const bytes = Buffer.from(page);
    const [[start, end] = [0, 0], last] = [entries[0], entries.at(-1)?.[1]];
    const text = bad(bytes.toString('utf8', start, end));
    return `${bytes.toString('utf8', 0, last)},${text}${bytes.toString('utf8', last)}`;
  });

/** The bodies of the events that were processed. Each event was processed once, however often it came into the queue. */
async function handledOf({ world, recover }: Missing, changes: Parameters<World['run']>[0] = {}): Promise<string[]> {
  const keys = new Set<string>();
  // Also what is asked for again comes into it.
  world.parts.queue = {
    send(event) {
      keys.add(event.key);
      return world.queue.send(event);
    },
  };
  await recover(changes);
  expect(world.handled).toHaveLength(keys.size);
  return world.handled.toSorted();
}

describe.each(MISSED)('what $name has missed', ({ name, isLogged }) => {
  const missing = () => (isLogged ? missingFromLog(name) : missingFromList(name));
  const allBodies = async (): Promise<string[]> => {
    const all = await handledOf(missing());
    expect(all).toHaveLength(EVENTS.length);
    return all;
  };

  it.each(['null', '7', '"text"', '[]', '{}', `${'['.repeat(5000)}${']'.repeat(5000)}`])(
    'is recovered beside an entry at the end of each page that is quarantined: %.10s',
    async (bad) => {
      const broken = missing();
      expect(
        (
          await handledOf(
            broken,
            endingIn(broken.world, () => bad),
          )
        ).sort(),
      ).toEqual(await allBodies());
      expect(broken.world.reports.map(({ outcome }) => outcome)).not.toContain('failed');
      // Under its hash, and once.
      expect(broken.world.quarantine.events.map(({ body }) => body.toString())).toEqual([bad]);
    },
  );

  // In a list that is followed by an id, another id is another entry.
  const values = ['null', '{}', ...(isLogged ? ['".."', '0', '"1970-01-01T00:00:00Z"'] : [])];

  it.each(values)('is recovered beside entries of which any one field is %s', async (value) => {
    const all = await allBodies();
    const first = missing();
    let fields: readonly string[] = [];
    await first.recover(
      changing(first.world, (page, [[start, end] = [0, 0]]) => {
        fields = Object.keys(JSON.parse(Buffer.from(page).toString('utf8', start, end)) as object);
        return page;
      }),
    );
    expect(fields.length).toBeGreaterThan(1);
    for (const field of fields) {
      const broken = missing();
      const bad = (entry: string): string => {
        const [found] = findSlices(Buffer.from(entry), [field]);
        const [start, end] = found?.at ?? [0, 0];
        const bytes = Buffer.from(entry);
        // A time stays a time, and an id is not turned into one.
        const isTime = !Number.isNaN(Date.parse(String(JSON.parse(bytes.toString('utf8', start, end)))));
        if (value.includes('1970') && !isTime) return entry;
        return `${bytes.toString('utf8', 0, start)}${value}${bytes.toString('utf8', end)}`;
      };
      const handled = await handledOf(broken, endingIn(broken.world, bad));
      expect([field, handled.filter((body) => all.includes(body))]).toEqual([field, all]);
      expect([field, broken.world.reports.map(({ outcome }) => outcome)]).not.toContain('failed');
    }
  });

  it('is not passed over if a page has nothing that can be read', async () => {
    const { world } = missing();
    let isFirst = true;
    const changes = changing(world, (page, entries) => {
      const bytes = Buffer.from(page);
      const [start, end] = [entries[0]?.[0] ?? 0, entries.at(-1)?.[1] ?? 0];
      if (!isFirst) return page;
      isFirst = false;
      return `${bytes.toString('utf8', 0, start)}null,null${bytes.toString('utf8', end)}`;
    });
    const { outcome, faults, accepted, asked } = await world.run(changes);
    // Either the other pages have been read, or the poll has failed, and the cursor stays.
    if (outcome === 'succeeded') expect(accepted + asked).toBe(EVENTS.length - PAGE_SIZE);
    else expect([faults, world.cursor.state?.position]).toEqual([['list_no_next_page'], undefined]);
  });
});
