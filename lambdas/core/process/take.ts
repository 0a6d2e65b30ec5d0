import type { Event } from '../event.ts';
import { withBody } from '../large-body.ts';
import type { BodyFault } from '../large-body.ts';
import type { InTurn } from '../line.ts';
import { decodeMessage } from '../message.ts';
import type { MessageFault } from '../message.ts';
import type { BodyStore, Clock, Ledger } from '../ports.ts';
import { isReconcilable } from '../reconcile.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';

export interface TakePorts {
  readonly ledger: Ledger;
  readonly bodies: Pick<BodyStore, 'get'>;
  readonly clock: Clock;
  /** Milliseconds for which an event is held: longer than the invocation can last. */
  readonly leaseMs: number;
  /** The place in the archive where this invocation keeps what it takes. */
  readonly archivedIn: string;
}

/** One message of the queue. */
export interface QueueRecord {
  readonly id: string;
  readonly text: string;
  /** How often the queue has handed the message out, this time included. Default: this is the first time. */
  readonly receives?: number;
  /** When it was first sent, milliseconds since the epoch. Default: just now. */
  readonly sentAt?: number;
  /** Whether it was a dead letter that has gone back by itself. */
  readonly wasRepaired?: boolean;
  /** By what the queue knows this receive of it. */
  readonly receipt?: string;
}

/** A message whose event this invocation holds. */
export interface Taken {
  readonly id: string;
  /** Who holds it. */
  readonly owner: string;
  readonly event: Event;
  /** Whether the queue has handed the message out before. */
  readonly isRetry: boolean;
  /** The key of the event that stands for this one: the same was delivered, and was found by polling. */
  readonly copyOf?: string;
  /** Its turn in the line of its order key; absent if it is not ordered. */
  readonly turn?: InTurn;
}

export type TakeFault = `message_${MessageFault}` | BodyFault | 'not_split' | 'busy';

/**
 * Takes the event of a message, and fetches its body; undefined if there is nothing left to do with it. Whether it is a copy
 * is asked with the lease in hand, so that a crash before the mark repeats both.
 */
export async function take(
  { id, text, receives = 1 }: QueueRecord,
  owner: string,
  { ledger, bodies, clock, leaseMs, archivedIn }: TakePorts,
): Promise<Result<Taken | undefined, TakeFault>> {
  const message = decodeMessage(text);
  if (!message.ok) return refuse(`message_${message.reason}` as const);
  // A handler that took several events for one would lose them all: the provider stated batches when they came, and does not now.
  if (message.value.parts) return refuse('not_split');
  const lease = await ledger.lease(message.value, { owner, until: clock() + leaseMs, archivedIn });
  if (lease === 'busy') return refuse('busy');
  if (lease !== 'taken') return ok(undefined);
  const event = await withBody(message.value, bodies);
  if (!event.ok) return event;
  const taken = { id, owner, event: event.value, isRetry: receives > 1 };
  if (!isReconcilable(event.value)) return ok(taken);
  const alias = await ledger.claimAlias(event.value);
  return ok({ ...taken, ...(alias.is === 'copy' && { copyOf: alias.of }) });
}
