import { accountOf } from './account.ts';
import type { Account, Excuse } from './account.ts';
import type { PlannedEvent } from './events.ts';
import type { TargetQueueView } from '../../local/queue-view.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { drained, ledgerEntries, publications } from './inspection.ts';
import { FAILING } from './settings.ts';

/** The longest that what is queued takes to be processed, retries of failed messages included. */
const PATIENCE_MS = 900_000;
/** Milliseconds between two events that are sent meanwhile: time enough to find nothing under way between them. */
const SEND_MS = 20_000;

/** A run's knowledge of its failing source. */
export interface Failing {
  /** The ids of the events that were acknowledged, and whose handler fails whenever they are tried. */
  readonly doomed: ReadonlySet<string>;
  /**
   * Has the provider send one more event, as a provider goes on to do: with each batch it is looked for what is to go back by
   * itself, and a probe of an open breaker that succeeds is of an event that can.
   */
  readonly sendOne: () => Promise<void>;
}

/** The parts of a run that `settle` needs to know. */
export interface Settling {
  readonly failing?: Failing;
  /** The ids of the events that are dead letters of a target and can be nothing else. */
  readonly doomedAt?: (target: string) => ReadonlySet<string>;
  /** Waited for before dead letters are looked at. */
  readonly beforeLook?: () => Promise<unknown>;
}

/**
 * Waits until nothing waits for a processor. The dead letters of each source and target are redriven, until those are left of which
 * every try fails; but those of the failing source go back by themselves after an outage. Resolves to the ids of all that are left.
 */
export async function settle(
  gateway: GatewayProcess,
  { failing, doomedAt = () => new Set(), beforeLook = () => Promise.resolve() }: Settling = {},
): Promise<ReadonlySet<string>> {
  const left = new Map<string, ReadonlySet<string>>();
  let sentAt = Date.now();
  const isSettled = async (lane: string, view: TargetQueueView, doomed: ReadonlySet<string>): Promise<boolean> => {
    // Several letters can be of one event, of which a kill left a copy.
    if (view.visible + view.inFlight > 0 || view.deadLetters < doomed.size) return false;
    if (doomed.size === 0) return view.deadLetters === 0;
    await beforeLook();
    // A letter that is looked at for its way back is not seen by others.
    const dead = await deadLetters(gateway, lane);
    left.set(lane, dead);
    return dead.size === doomed.size && [...dead].every((id) => doomed.has(id));
  };
  await drained(gateway.addresses, PATIENCE_MS, async (lane, view) => {
    if (!failing || lane !== FAILING) {
      if (await isSettled(lane, view, doomedAt(lane))) return true;
      // The waiting ones can be letters that were redriven before: again and again, the doomed ones would never all be there at once.
      if (view.visible + view.inFlight === 0 && view.deadLetters > 0) {
        await gateway.ops(['redrive', lane]).catch(() => undefined);
      }
      return false;
    }
    if (await isSettled(lane, view, failing.doomed)) return true;
    if (Date.now() - sentAt > SEND_MS) {
      console.log(`  ${lane}: ${view.visible + view.inFlight} wait, ${view.deadLetters} dead letters`);
      await failing.sendOne();
      sentAt = Date.now();
    }
    return false;
  });
  return new Set([...left.values()].flatMap((ids) => [...ids]));
}

/** The ids of a source's dead letters. */
async function deadLetters(gateway: GatewayProcess, source: string): Promise<ReadonlySet<string>> {
  const report = await gateway.ops(['dead-letters', source, '--json', '--limit', '999999']);
  const { deadLetters: letters } = JSON.parse(report) as { deadLetters: readonly { readonly key: string | null }[] };
  return new Set(letters.map(({ key }) => `${source}#${key ?? ''}`));
}

/** Makes the account of a gateway that has settled, and meets no fault any more: what it holds is looked at as an operator does. */
export async function accountFor(
  gateway: GatewayProcess,
  events: readonly PlannedEvent[],
  acknowledged: ReadonlySet<string>,
  { excuse, dead = new Set() }: { readonly excuse?: Excuse | undefined; readonly dead?: ReadonlySet<string> } = {},
): Promise<Account> {
  const published = await publications(gateway.addresses);
  const ledger = await ledgerEntries(
    gateway.addresses,
    events.map(({ id }) => id),
  );
  const waiting = await quarantined(gateway);
  const fates = events.map(({ id, kind, isDoomed }) => ({
    ...{ id, kind, isDoomed, isDead: dead.has(id), acknowledged: acknowledged.has(id) },
    published: published.get(id) ?? [],
    status: ledger.get(id)?.status,
    processedAt: ledger.get(id)?.processedAt,
    failures: ledger.get(id)?.failures ?? [],
    waits: waiting.has(id),
  }));
  return accountOf(fates, excuse);
}

/** Whose messages wait in quarantine, by `source#key`. */
async function quarantined(gateway: GatewayProcess): Promise<ReadonlySet<string>> {
  const report = await gateway.ops(['quarantine', 'list', '--json', '--limit', '999999']);
  const { events } = JSON.parse(report) as { events: readonly { readonly source: string; readonly key: string }[] };
  return new Set(events.map(({ source, key }) => `${source}#${key}`));
}
