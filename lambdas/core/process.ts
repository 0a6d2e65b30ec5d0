import { errorName } from './accept.ts';
import type { Event, WebhookEvent } from './event.ts';
import { parseObject } from './identify.ts';
import { decodeMessage } from './message.ts';
import { isReconcilable } from './reconcile.ts';
import type { Clock, Ledger, Observer } from './ports.ts';

/** Handles events side by side; the results are in the order of the events. */
export type HandleBatch = (events: readonly WebhookEvent[]) => Promise<readonly PromiseSettledResult<unknown>[]>;

export interface ProcessPorts {
  readonly ledger: Ledger;
  readonly handle: HandleBatch;
  readonly observer: Observer;
  readonly clock: Clock;
  /** Names this invocation, so that a repeated request for a lease is known as its own. */
  readonly owner: string;
  /** Milliseconds for which an event is held: longer than the invocation can last. */
  readonly leaseMs: number;
}

/** One message of the queue. */
export interface QueueRecord {
  readonly id: string;
  readonly text: string;
}

/** A message whose event this invocation holds. */
interface Taken {
  readonly id: string;
  readonly event: Event;
}

/**
 * Processes a batch: take, handle, mark. Answers the ids of the messages that must come back; one bad message never fails
 * its neighbours. A copy of an event that has been processed is dropped, and one that another invocation holds comes back.
 */
export async function processBatch(records: readonly QueueRecord[], ports: ProcessPorts): Promise<string[]> {
  const failed: string[] = [];
  const fail = (id: string, reason: string): void => {
    failed.push(id);
    ports.observer.failed(reason);
  };

  const taken: Taken[] = [];
  await sideBySide(records, fail, async ({ id, text }) => {
    const message = decodeMessage(text);
    if (!message.ok) { fail(id, `message_${message.reason}`); return; }
    const event = message.value;
    const lease = await ports.ledger.lease(event, `${ports.owner}:${id}`, ports.clock() + ports.leaseMs);
    if (lease === 'busy') fail(id, 'busy');
    else if (lease === 'taken' && !(await settleCopy(event, ports))) taken.push({ id, event });
    else ports.observer.dropped();
  });
  if (taken.length === 0) return failed;

  const results = await handleAll(taken, ports.handle);
  await sideBySide(
    taken.map((item, index) => ({ ...item, result: results[index] })),
    fail,
    async ({ id, event, result }) => {
      if (result?.status !== 'fulfilled') { fail(id, errorName(result?.reason)); return; }
      await ports.ledger.markProcessed(event);
      ports.observer.processed(ports.clock() - Date.parse(event.receivedAt));
      if (event.via === 'poll') ports.observer.recovered();
    },
  );
  return failed;
}

/**
 * Marks an event that another one stands for: the same was delivered and found by polling. Asked with the lease in hand, so
 * that a crash before the mark repeats both; the other event is processed, or waits to be redriven.
 */
async function settleCopy(event: Event, { ledger }: ProcessPorts): Promise<boolean> {
  if (!isReconcilable(event)) return false;
  const alias = await ledger.claimAlias(event);
  if (alias.is === 'own') return false;
  await ledger.markProcessed(event, alias.of);
  return true;
}

/** Runs a step for all items at once; an exception fails the item's own message. */
async function sideBySide<Item extends { readonly id: string }>(
  items: readonly Item[],
  fail: (id: string, reason: string) => void,
  step: (item: Item) => Promise<void>,
): Promise<void> {
  await Promise.all(items.map((item) => step(item).catch((error: unknown) => fail(item.id, errorName(error)))));
}

/** The handler's results; a handler that throws as a whole has failed every event. */
async function handleAll(taken: readonly Taken[], handle: HandleBatch): ReturnType<HandleBatch> {
  try {
    return await handle(taken.map(({ event }) => toWebhookEvent(event)));
  } catch (reason) {
    return taken.map(() => ({ status: 'rejected', reason }));
  }
}

function toWebhookEvent(event: Event): WebhookEvent {
  const { source, provider, key, type, time, receivedAt, via, contentType, body } = event;
  const json = parseObject(body);
  return {
    ...{ source, provider, key, type, receivedAt, via, contentType, body },
    ...(time !== undefined && { time }),
    ...(json && { json }),
  };
}
