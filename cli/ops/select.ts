import { OperatorError } from '../operator-error.ts';
import type { EventKey } from '../../lambdas/core/event-key.ts';
import { isNamed, severalEvents, shortId } from './short-id.ts';
import type { QueuedEvent } from '../../lambdas/core/message.ts';
import type { HeldMessage } from './messages.ts';

/** Which messages of a source's queue are meant. */
export interface SelectOptions {
  /** The most messages that are looked at. */
  readonly limit: number;
  readonly reason?: string | undefined;
  readonly all?: boolean;
  /** True if the question has been answered beforehand. */
  readonly yes?: boolean;
}

/** A message by the names that an operator gives it: its event's, or those of a message that cannot be read. */
export interface NamedMessage {
  /** The event key, or SQS's id of the message. */
  readonly key: EventKey;
  readonly shortId: string;
  /** Absent if the message cannot be read. */
  readonly event?: QueuedEvent;
}

export function named({ id, event }: HeldMessage): NamedMessage {
  if (event.ok) return { key: event.value, shortId: shortId(event.value), event: event.value };
  return { key: { key: id }, shortId: shortId({ key: id }) };
}

/**
 * Says of a message whether it is meant. Exactly one of key, `--reason` and `--all` says which are. Throws an OperatorError once
 * a key turns out to be that of several events.
 */
export function selection(
  given: string | undefined,
  { reason, all = false }: SelectOptions,
): (message: NamedMessage, itsReason: string) => boolean {
  const ways = [given !== undefined, reason !== undefined, all].filter(Boolean).length;
  if (ways !== 1) throw new OperatorError('Name the events: an event key, --reason <reason>, or --all.');
  let meant: NamedMessage | undefined;
  return (message, itsReason) => {
    // The text after a colon explains the reason to a person.
    if (given === undefined) return all || itsReason === reason || itsReason.startsWith(`${reason ?? ''}: `);
    if (!isNamed(message.key, given)) return false;
    meant ??= message;
    if (meant.shortId !== message.shortId) throw severalEvents(given, [meant.key, message.key]);
    return true;
  };
}
