import { errorName } from '../errors.ts';
import { noteFailures } from './failures.ts';
import { handleAll } from './handle.ts';
import type { HandleBatch } from './handle.ts';
import type { Archive, Observer } from '../ports.ts';
import { take } from './take.ts';
import type { QueueRecord, Taken, TakePorts } from './take.ts';

export interface ProcessPorts extends TakePorts {
  readonly archive: Archive;
  readonly handle: HandleBatch;
  readonly observer: Observer;
  /** Names this invocation, so that a repeated request for a lease is known as its own. */
  readonly owner: string;
}

type Fail = (id: string, reason: string) => void;

/**
 * Processes a batch: take, archive, handle, mark. Answers the ids of the messages that must come back; one bad message never
 * fails its neighbours. A copy of an event that has been processed is dropped, and one that another invocation holds comes
 * back. Nothing is handled before its evidence is kept: where the archive takes nothing, all that was taken comes back.
 */
export async function processBatch(records: readonly QueueRecord[], ports: ProcessPorts): Promise<string[]> {
  const reasons = new Map<string, string>();
  const failed: string[] = [];
  const fail: Fail = (id, reason) => {
    failed.push(id);
    // What another invocation holds has not failed.
    if (reason === 'busy') {
      ports.observer.busy();
      return;
    }
    reasons.set(id, reason);
    ports.observer.failed(reason);
  };

  const taken: Taken[] = [];
  // The place and not the id tells two leases apart: SQS can hand out one message twice, and so in one batch.
  const places = records.map((record, place) => ({ ...record, owner: `${ports.owner}:${place}` }));
  await sideBySide(places, fail, async ({ owner, ...record }) => {
    const outcome = await take(record, owner, ports);
    if (!outcome.ok) fail(record.id, outcome.reason);
    else if (outcome.value) taken.push(outcome.value);
    else ports.observer.dropped();
  });

  if (await archive(taken, fail, ports)) {
    await settleCopies(taken, fail, ports);
    await handle(
      taken.filter(({ copyOf }) => copyOf === undefined),
      fail,
      ports,
    );
  }
  await noteFailures(places, reasons, ports.ledger);
  return failed;
}

/** Keeps the evidence of what was taken, copies too. Answers whether there is anything to go on with. */
async function archive(taken: readonly Taken[], fail: Fail, ports: ProcessPorts): Promise<boolean> {
  if (taken.length === 0) return false;
  try {
    await ports.archive.keep(
      ports.archivedIn,
      taken.map(({ event }) => event),
    );
    return true;
  } catch (error) {
    for (const { id } of taken) fail(id, `archive_${errorName(error)}`);
    return false;
  }
}

/** Marks the events that another one stands for; that one is processed, or waits to be redriven. */
async function settleCopies(taken: readonly Taken[], fail: Fail, { ledger, observer, archivedIn }: ProcessPorts) {
  const copies = taken.filter(({ copyOf }) => copyOf !== undefined);
  await sideBySide(copies, fail, async ({ event, owner, copyOf }) => {
    await ledger.markProcessed(event, { owner, archivedIn, copyOf, replay: event.replay });
    observer.dropped();
  });
}

async function handle(taken: readonly Taken[], fail: Fail, ports: ProcessPorts): Promise<void> {
  if (taken.length === 0) return;
  const { ledger, observer, clock, archivedIn } = ports;
  const results = await handleAll(
    taken.map(({ event }) => event),
    ports.handle,
  );
  await sideBySide(
    taken.map((item, index) => ({ ...item, result: results[index] })),
    fail,
    async ({ id, owner, event, result }) => {
      if (result?.status !== 'fulfilled') {
        fail(id, errorName(result?.reason));
        return;
      }
      await ledger.markProcessed(event, { owner, archivedIn, replay: event.replay });
      observer.processed(clock() - Date.parse(event.receivedAt));
      if (event.via === 'poll') observer.recovered();
    },
  );
}

/** Runs a step for all items at once; an exception fails the item's own message. */
async function sideBySide<Item extends { readonly id: string }>(
  items: readonly Item[],
  fail: Fail,
  step: (item: Item) => Promise<void>,
): Promise<void> {
  await Promise.all(items.map((item) => step(item).catch((error: unknown) => fail(item.id, errorName(error)))));
}
