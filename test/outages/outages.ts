import type { Outage } from './world.ts';

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** An outage from the tenth minute on; the provider goes on for three hours after it. */
const lasting = (name: string, milliseconds: number, more: Partial<Outage> = {}): Outage => ({
  ...{ name, from: 10 * MINUTE, until: 10 * MINUTE + milliseconds, everyMs: 10 * SECOND },
  endsAt: 10 * MINUTE + milliseconds + 3 * HOUR,
  ...more,
});

const numberOf = (key: string): number => Number(key.slice('evt_'.length));

export const OUTAGE_OF_30_HOURS = lasting('30 hours', 30 * HOUR);
export const POISONED_EVENT = lasting('one poisoned event among many', 0, { isPoisoned: (key) => key === 'evt_100' });
/** The events of one patient, say: one in forty, and every one of them fails. */
export const POISONED_KEY = lasting('one poisoned key', 0, {
  isPoisoned: (key) => numberOf(key) % 40 === 0,
  everyMs: SECOND,
});

/** Nothing but poisoned events at first, so that the breaker opens, and then a good one now and then. */
export const ONLY_POISONED = lasting('20 poisoned, then good events', 0, {
  isPoisoned: (key) => numberOf(key) < 20,
  everyMs: 5 * MINUTE,
  endsAt: 6 * HOUR,
});
/** A source with an event every two hours: the breaker has little to tell an outage by. */
export const QUIET = lasting('30 hours, 12 events a day', 30 * HOUR, { everyMs: 2 * HOUR });

/** An outage that handlers meet under several names, none of which says that nothing is reached. */
export const SEVERAL_NAMES = lasting('1 hour, under three names', HOUR, {
  names: ['TypeError', 'Error', 'QueryFailedError'],
  everyMs: SECOND,
});

/** An ordered source of few keys and few tries, and then no more events: almost every probe is of an event that was probed before. */
export const ORDERED = lasting('30 hours, ordered, 5 tries', 30 * HOUR, {
  ...{ everyMs: 5 * SECOND, endsAt: 11 * MINUTE, orderKeys: 8, attempts: 5 },
});

/** The outages that `npm run outages` goes through. */
export const OUTAGES: readonly Outage[] = [
  lasting('1 minute', MINUTE),
  lasting('1 minute, 5 events a second', MINUTE, { everyMs: 200, endsAt: HOUR }),
  lasting('1 hour', HOUR),
  lasting('1 hour, 5 events a second', HOUR, { everyMs: 200, endsAt: 3 * HOUR }),
  lasting('8 hours', 8 * HOUR),
  OUTAGE_OF_30_HOURS,
  lasting('1 hour, 3 of 10 tries fail', HOUR, { share: 0.3 }),
  lasting('1 hour, 8 of 10 tries fail', HOUR, { share: 0.8 }),
  lasting('8 hours, and a poisoned event', 8 * HOUR, { isPoisoned: (key) => key === 'evt_100' }),
  POISONED_EVENT,
  POISONED_KEY,
  ONLY_POISONED,
  QUIET,
  SEVERAL_NAMES,
  ORDERED,
];
