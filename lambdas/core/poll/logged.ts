import { reasonOf } from '../errors.ts';
import type { LoggedDelivery, LoggedEvent, MissedEvent, MissedLog, ResendLog } from '../missed-events.ts';
import { identifyMissed } from '../receive/identify.ts';
import { secureAll } from './entries.ts';
import { unreadableEntry } from './list.ts';
import { inParts, isLate } from './run.ts';
import type { PollRun } from './run.ts';

/** A poll of a provider's log. */
export type LogRun<Log extends MissedLog> = PollRun & { readonly missed: Log };

/** Calls of a provider's API that are made side by side. */
const AT_ONCE = 5;

/** Makes the events of entries safe, or asks for them. Returns whether all of them are safe. */
export function secureLogged(
  entries: readonly (LoggedEvent | LoggedDelivery)[],
  run: LogRun<MissedLog>,
): Promise<boolean> {
  const { missed } = run;
  const [deliveries, events] = [entries.filter(isDelivery), entries.filter(isEvent)];
  return missed.kind === 'resend'
    ? askForAll(deliveries, events, { ...run, missed })
    : fetchAll(deliveries, events, run);
}

const isDelivery = (entry: LoggedEvent | LoggedDelivery): entry is LoggedDelivery => !isEvent(entry);
const isEvent = (entry: LoggedEvent | LoggedDelivery): entry is LoggedEvent => 'body' in entry;

/** By when an entry was logged, and not by when the event happened, it was chosen; and the walk has counted the events. */
const secureEvents = (entries: readonly MissedEvent[], run: PollRun): Promise<boolean> =>
  secureAll(entries, { ...run, startAt: -Infinity, bounds: { ...run.bounds, maxEvents: Infinity } });

async function fetchAll(
  deliveries: readonly LoggedDelivery[],
  events: readonly MissedEvent[],
  run: LogRun<MissedLog>,
): Promise<boolean> {
  const { missed, api } = run;
  let areSafe = true;
  const act = async (delivery: LoggedDelivery): Promise<readonly MissedEvent[]> => {
    const fetched = missed.kind === 'deliveries' ? await missed.fetch?.(delivery, api) : undefined;
    if (fetched?.ok) return [fetched.value];
    areSafe = failed(delivery, 'fetch', fetched?.reason ?? 'no_body', run);
    return [];
  };
  const fetched = await ofUnknown(deliveries, run, act, () => (areSafe = false));
  return (await secureEvents([...events, ...fetched], run)) && areSafe;
}

async function askForAll(
  deliveries: readonly LoggedDelivery[],
  events: readonly MissedEvent[],
  run: LogRun<ResendLog>,
): Promise<boolean> {
  const { missed, api, tally, now } = run;
  let areSafe = true;
  const act = async (delivery: LoggedDelivery): Promise<readonly MissedEvent[]> => {
    const isGone = delivery.at !== undefined && now.getTime() - delivery.at.getTime() > missed.keepsSeconds * 1000;
    if (isGone) {
      // It is counted and said: nobody can ask for it any more.
      tally.listed++;
      tally.fault('resend', 'expired');
      return [];
    }
    const status = await missed.resend(delivery, api);
    if (UNKNOWN.includes(status)) {
      const { id, at } = delivery;
      return [unreadableEntry({ id, at }, 'payload_missing')];
    }
    tally.listed++;
    areSafe = false;
    if (status >= 200 && status < 300) tally.entry('asked', delivery.at?.toISOString());
    else failed(delivery, 'resend', `http_${status}`, run);
    return [];
  };
  const unreadable = await ofUnknown(deliveries, run, act, () => (areSafe = false));
  return (await secureEvents([...events, ...unreadable], run)) && areSafe;
}

/** Statuses with which a provider says that it does not know what it is asked for, or does not have it any more. */
const UNKNOWN: readonly number[] = [404, 410];

/** Does something for each delivery whose event is not safe yet. A delivery that fails does not stop the others. */
async function ofUnknown<Value>(
  deliveries: readonly LoggedDelivery[],
  run: LogRun<MissedLog>,
  act: (delivery: LoggedDelivery) => Promise<readonly Value[]>,
  whenNotSafe: () => void,
): Promise<Value[]> {
  const { ports, source, now, tally } = run;
  const one = async (delivery: LoggedDelivery): Promise<readonly Value[]> => {
    const { envelope } = delivery;
    try {
      const isSafe =
        envelope.key !== undefined &&
        (await ports.isSafe(identifyMissed({ body: Buffer.alloc(0), envelope }, source, now)));
      if (!isSafe) return await act(delivery);
      tally.listed++;
      tally.entry('known', undefined);
    } catch (error) {
      failed(delivery, run.missed.kind, reasonOf(error), run);
      whenNotSafe();
    }
    return [];
  };
  const values: Value[] = [];
  for (const part of inParts(deliveries, AT_ONCE)) {
    if (isLate(run)) {
      whenNotSafe();
      tally.left += part.length;
    } else values.push(...(await Promise.all(part.map(one))).flat());
  }
  return values;
}

function failed({ at }: LoggedDelivery, step: string, reason: string, { tally }: PollRun): false {
  tally.fault(step, reason);
  tally.entry('failed', at?.toISOString());
  return false;
}
