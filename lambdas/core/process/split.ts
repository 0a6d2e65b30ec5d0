import { accept } from '../accept.ts';
import type { AcceptPorts } from '../accept.ts';
import { nameAndCode } from '../errors.ts';
import type { Event } from '../event.ts';
import { withBody } from '../large-body.ts';
import { placeOf } from '../line.ts';
import { decodeMessage } from '../message.ts';
import type { QueuedEvent } from '../message.ts';
import type { Archive, BodyStore, Ledger } from '../ports.ts';
import type { Observer } from '../observer.ts';
import { eventsOfBatch } from '../receive/batch-message.ts';
import { settleFailures } from './failures.ts';
import type { FailurePorts } from './failures.ts';
import type { QueueRecord } from './take.ts';

export interface SplitPorts extends AcceptPorts, FailurePorts {
  readonly ledger: Ledger;
  readonly observer: Observer;
  readonly bodies: Pick<BodyStore, 'get'>;
  readonly archive: Archive;
  /** The place in the archive where whole deliveries are kept. */
  readonly archivedIn: string;
}

/** The rest of a batch of messages, once the deliveries among them are split. */
export interface Split<Item extends QueueRecord> {
  /** The messages of events. */
  readonly events: readonly Item[];
  /** The ids of the messages that must come back. */
  readonly failed: readonly string[];
}

/** Events of one delivery that are accepted at a time. */
const SIDE_BY_SIDE = 25;

/**
 * Tells the events of whole deliveries apart: each is claimed and queued as if it had come alone. A message comes back by the
 * schedule of failed tries if one of its events cannot be queued, and the events that were are known then. So does a delivery
 * that the provider sends again, however it cuts it.
 */
export async function splitBatches<Item extends QueueRecord>(
  records: readonly Item[],
  ports: SplitPorts,
): Promise<Split<Item>> {
  const events: Item[] = [];
  const unsplit: Item[] = [];
  const reasons = new Map<string, string>();
  for (const record of records) {
    const message = decodeMessage(record.text);
    // A message that cannot be read fails later, when every message is taken.
    if (!message.ok || !message.value.parts) {
      events.push(record);
      continue;
    }
    const reason = await failureOf(message.value, ports);
    if (reason === undefined) continue;
    ports.observer.failed(reason);
    reasons.set(record.id, reason);
    unsplit.push(record);
  }
  if (unsplit.length === 0) return { events, failed: [] };
  const deadLetters = await settleFailures(unsplit, reasons, ports);
  return { events, failed: [...reasons.keys()].filter((id) => !deadLetters.has(id)) };
}

/** Splits a delivery; resolves to why that failed, and to undefined if it did not. */
async function failureOf(message: QueuedEvent, ports: SplitPorts): Promise<string | undefined> {
  try {
    const batch = await withBody(message, ports.bodies);
    if (!batch.ok) return batch.reason;
    // The signature is over the whole delivery: without it the evidence of its events could not be checked again.
    await ports.archive.keep(ports.archivedIn, [batch.value]);
    await acceptEach(eventsOfBatch(batch.value), ports);
    return undefined;
  } catch (error) {
    return `split_${nameAndCode(error)}`;
  }
}

/**
 * Accepts all events, some at a time, and the events of one order key one after the other. Rejects if one was not accepted, and
 * tries those of other order keys all the same: what comes after it in its own line must not overtake it.
 */
async function acceptEach(events: readonly Event[], ports: AcceptPorts): Promise<void> {
  const left = inLines(events, ports).values();
  const errors: unknown[] = [];
  const work = async (): Promise<void> => {
    for (const line of left)
      await acceptLine(line, ports).catch((error: unknown) => {
        errors.push(error);
      });
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, events.length) }, work));
  if (errors.length > 0) throw errors[0];
}

async function acceptLine(events: readonly Event[], ports: AcceptPorts): Promise<void> {
  for (const event of events) await accept(event, ports);
}

/** The events by their order keys; an event that is not ordered is by itself. */
function inLines(events: readonly Event[], { order }: AcceptPorts): readonly (readonly Event[])[] {
  if (!order) return events.map((event) => [event]);
  return [...Map.groupBy(events, (event) => placeOf(event, order)?.line ?? event).values()];
}
