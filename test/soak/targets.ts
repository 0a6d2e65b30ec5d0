import { sha256 } from '../../lambdas/core/hash.ts';
import { targetName } from '../../lambdas/core/target.ts';
import { accountOf } from './account.ts';
import type { Account, Excuse, Fate } from './account.ts';
import { isGone } from './doom.ts';
import type { PlannedEvent } from './events.ts';
import type { LedgerEntry } from './inspection.ts';
import type { Receiver } from './receiver.ts';
import { FORWARDING, TYPES } from './settings.ts';

/** The targets of the runs by their names, with the types that each wants. */
export const URL_TARGET = targetName(FORWARDING, 'url');
export const QUEUE_TARGET = targetName(FORWARDING, 'queue');
const WANTED: Readonly<Record<string, readonly string[]>> = {
  [URL_TARGET]: [TYPES.url, TYPES.both],
  [QUEUE_TARGET]: [TYPES.queue, TYPES.both],
};
export const TARGETS = Object.keys(WANTED);

/** An event of the source with targets as one of a target: `forwarding.url#<key>`. */
export const idAt = (target: string, { id }: Pick<PlannedEvent, 'id'>): string => target + id.slice(FORWARDING.length);

const isForwarded = ({ kind, source }: PlannedEvent): boolean =>
  source.name === FORWARDING && kind !== 'forged' && kind !== 'unreadable';

const typeOf = ({ body }: PlannedEvent): unknown =>
  (JSON.parse(body.toString()) as { event_type?: unknown }).event_type;

/** Whether a target is to get an event: it is authentic, nobody has to decide about it, and the target wants its type. */
export const isWanted = (target: string, event: PlannedEvent): boolean =>
  isForwarded(event) && (WANTED[target] ?? []).some((type) => type === typeOf(event));

/** The ids of the events that become dead letters of a target: those that were acknowledged, and that it never takes. */
export const doomedAt = (
  target: string,
  events: readonly PlannedEvent[],
  acknowledged: ReadonlySet<string>,
): ReadonlySet<string> =>
  new Set(
    target === URL_TARGET
      ? events
          .filter((event) => isWanted(target, event) && isGone(event.body) && acknowledged.has(event.id))
          .map((event) => idAt(target, event))
      : [],
  );

/** Everything that is known at the end of a run of what the targets took. */
export interface AtTargets {
  readonly events: readonly PlannedEvent[];
  readonly acknowledged: ReadonlySet<string>;
  /** The times at which a target took an event, by the event's id there. */
  readonly taken: ReadonlyMap<string, readonly number[]>;
  readonly ledger: ReadonlyMap<string, LedgerEntry>;
  /** The ids of the dead letters of all targets. */
  readonly dead: ReadonlySet<string>;
}

/**
 * The account of a target. An event that it does not want counts as forged: the account of a run finds every trace of such an event. A
 * dead letter that it need not have, an event that is lost, and one that it took twice are found as for a source.
 */
export function accountAt(target: string, known: AtTargets, excuse?: Excuse): Account {
  const { events, acknowledged, taken, ledger, dead } = known;
  const fates = events
    .filter(({ source }) => source.name === FORWARDING)
    .map((event): Fate => {
      const id = idAt(target, event);
      const entry = ledger.get(id);
      const seen = { published: taken.get(id) ?? [], status: entry?.status, waits: false };
      if (!isWanted(target, event)) return { id, kind: 'forged', acknowledged: false, ...seen };
      return {
        ...{ id, kind: 'once', acknowledged: acknowledged.has(event.id), ...seen },
        ...{ isDoomed: target === URL_TARGET && isGone(event.body), isDead: dead.has(id) },
        ...{ processedAt: entry?.processedAt, failures: entry?.failures ?? [] },
      };
    });
  return accountOf(fates, excuse);
}

/** The ids of the events that came to the receiver with other bytes, and of those that came under two message ids. */
export function alteredAt(receiver: Pick<Receiver, 'taken'>, events: readonly PlannedEvent[]): string[] {
  const hashes = new Map(
    events.filter(isForwarded).map(({ id, body }) => [id.slice(FORWARDING.length + 1), sha256(body)]),
  );
  return [...receiver.taken]
    .filter(
      ([key, times]) =>
        hashes.has(key) && times.some(({ bodyHash, id }) => bodyHash !== hashes.get(key) || id !== times[0]?.id),
    )
    .map(([key]) => `${URL_TARGET}#${key}`);
}
