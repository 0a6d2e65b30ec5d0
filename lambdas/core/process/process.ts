import { nameAndCode } from '../errors.ts';
import type { Event } from '../event.ts';
import { settleFailures } from './failures.ts';
import type { FailurePorts } from './failures.ts';
import { toHandled } from './handle.ts';
import type { HandleEvents } from './handle.ts';
import { failureReason, loggedReason, TryFailed } from '../permanent-error.ts';
import type { Archive, Ledger } from '../ports.ts';
import type { Observer } from '../observer.ts';
import { take } from './take.ts';
import type { QueueRecord, Taken, TakePorts } from './take.ts';
import { leaveLines, letWait, settleTurns, turnOf } from './turn.ts';
import type { TurnPorts, Waiter } from './turn.ts';

export interface ProcessPorts extends TakePorts, FailurePorts, TurnPorts {
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly handle: HandleEvents;
  readonly observer: Observer;
  /** Names this invocation, so that a repeated request for a lease is known as its own. */
  readonly owner: string;
  /** Told of each try: whether it failed, and why. A copy, and an event that another invocation holds, is not a try. */
  readonly tried?: (id: string, reason?: string) => void;
  /** Hands an event over to the targets of its source; absent if it has none. */
  readonly handOver?: ((event: Event) => Promise<void>) | undefined;
}

type Fail = (id: string, reason: string) => void;

/**
 * Processes a batch: take, archive, handle, mark. Returns the ids of the messages that must come back, each at its own time; a
 * message that is not to come back is a dead letter by then. One bad message never fails its neighbours. Each event is marked as
 * soon as its own handler is done, so that a crash repeats only the rest.
 * A copy of a processed event is dropped, and an event that another invocation holds comes back. Nothing is handled before its
 * evidence is kept: if the archive takes nothing, all that was taken comes back.
 */
export async function processBatch(records: readonly QueueRecord[], ports: ProcessPorts): Promise<string[]> {
  const reasons = new Map<string, string>();
  const failed: string[] = [];
  const fail: Fail = (id, reason) => {
    failed.push(id);
    // An event that another invocation holds has not failed.
    if (reason === 'busy') {
      ports.observer.busy();
      return;
    }
    // Nor has an event that waits for its turn.
    if (reason === 'waiting') return;
    reasons.set(id, reason);
    ports.tried?.(id, reason);
    ports.observer.failed(loggedReason(reason));
  };

  const taken: Taken[] = [];
  const waiters: (Waiter & { readonly record: QueueRecord })[] = [];
  // The place and not the id tells two leases apart: SQS can hand out one message twice, and so in one batch.
  const places = records.map((record, place) => ({ ...record, owner: `${ports.owner}:${place}` }));
  await sideBySide(places, fail, async ({ owner, ...record }) => {
    const outcome = await take(record, owner, ports);
    if (!outcome.ok) fail(record.id, outcome.reason);
    else if (outcome.value) {
      const turn = await turnOf(outcome.value, owner, ports, (waiter) => waiters.push({ ...waiter, record }));
      if (turn.ok) taken.push(turn.value);
      else fail(record.id, turn.reason);
    } else ports.observer.dropped();
  });
  await letWait(waiters, ports);

  if (await archive(taken, fail, ports)) {
    await settleUnhandled(taken.filter(isUnhandled), fail, ports);
    const handled = taken.filter((item) => !isUnhandled(item));
    await handle(await handedOver(handled, fail, ports), fail, ports);
  }
  const deadLetters = await settleFailures(places, reasons, ports);
  await settleTurns(
    taken.filter(({ id }) => reasons.has(id) && !deadLetters.has(id)),
    ports,
  );
  const givenUp = taken.filter(({ id }) => deadLetters.has(id));
  await leaveLines(givenUp, ports, false);
  return failed.filter((id) => !deadLetters.has(id));
}

/** Keeps the evidence of what was taken, copies too. Returns whether anything is left to handle. */
async function archive(taken: readonly Taken[], fail: Fail, ports: ProcessPorts): Promise<boolean> {
  if (taken.length === 0) return false;
  try {
    await ports.archive.keep(
      ports.archivedIn,
      taken.map(({ event }) => event),
    );
    return true;
  } catch (error) {
    for (const { id } of taken) fail(id, `archive_${nameAndCode(error)}`);
    return false;
  }
}

/** Whether the handler does not get an event: a copy, or an event that is out of date. */
const isUnhandled = ({ copyOf, turn }: Taken): boolean => copyOf !== undefined || turn?.isSkipped === true;

/** Marks what no handler gets. The event that stands for a copy is processed, or waits to be redriven. */
async function settleUnhandled(taken: readonly Taken[], fail: Fail, ports: ProcessPorts): Promise<void> {
  const { ledger, observer, archivedIn } = ports;
  await sideBySide(taken, fail, async (item) => {
    const { event, owner, copyOf, turn } = item;
    const supersededBy = turn?.supersededBy;
    await ledger.markProcessed(event, { owner, archivedIn, copyOf, supersededBy, order: event.replay });
    observer.dropped();
    await leaveLines([item], ports, true);
  });
}

/** The events that the targets of the source have now. An event that a target's queue did not take comes back, and is not handled. */
async function handedOver(taken: readonly Taken[], fail: Fail, { handOver }: ProcessPorts): Promise<readonly Taken[]> {
  if (!handOver) return taken;
  const handed: Taken[] = [];
  await sideBySide(taken, fail, async (item) => {
    await handOver(item.event);
    handed.push(item);
  });
  return handed;
}

/** Handles the events and marks each when it is done; what its handler throws fails its own message alone. */
async function handle(taken: readonly Taken[], fail: Fail, ports: ProcessPorts): Promise<void> {
  if (taken.length === 0) return;
  const { ledger, observer, clock, archivedIn } = ports;
  const results = begin(taken, ports.handle);
  await sideBySide(
    taken.map((item, index) => ({ ...item, result: results[index] })),
    fail,
    async ({ result, ...item }) => {
      const { owner, event } = item;
      if (!result) throw new Error('the handler has no result for the event');
      await result;
      const unorderedBy = item.turn ? undefined : ports.order?.by;
      if (unorderedBy !== undefined) observer.unordered(unorderedBy);
      await ledger.markProcessed(event, { owner, archivedIn, order: event.replay, unorderedBy });
      ports.tried?.(item.id);
      await leaveLines([item], ports, true);
      observer.processed(clock() - Date.parse(event.receivedAt));
      if (event.via === 'poll') observer.recovered();
    },
  );
}

/** The handler's results; a handler that throws as a whole has failed every event. */
function begin(taken: readonly Taken[], handleEvents: HandleEvents): readonly Promise<unknown>[] {
  try {
    return handleEvents(
      taken.map(({ event, isRetry, turn }) => ({
        event: toHandled(event, turn?.supersededBy),
        isRetry,
        ...(turn && { line: turn.place.line }),
        ...(event.replay && { order: event.replay.id }),
      })),
    );
  } catch (error) {
    const failed = Promise.reject(new TryFailed(failureReason(error)));
    return taken.map(() => failed);
  }
}

/** Runs a step for all items at once; an exception fails the item's own message. */
async function sideBySide<Item extends { readonly id: string }>(
  items: readonly Item[],
  fail: Fail,
  step: (item: Item) => Promise<void>,
): Promise<void> {
  await Promise.all(items.map((item) => step(item).catch((error: unknown) => fail(item.id, failureReason(error)))));
}
