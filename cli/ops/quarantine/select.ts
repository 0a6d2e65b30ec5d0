import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import { OperatorError } from '../../operator-error.ts';
import type { PeekOptions } from '../message-options.ts';
import type { HeldMessage } from '../messages.ts';

/** Which events of a source are meant. */
export interface SelectOptions extends PeekOptions {
  readonly reason?: string;
  readonly all?: boolean;
  /** Answers the question beforehand. */
  readonly yes?: boolean;
}

/** Says of a message whether its event is meant. Exactly one of key, `--reason` and `--all` says which are. */
export function selection(
  source: string,
  key: string | undefined,
  { reason, all = false }: SelectOptions,
): (message: HeldMessage) => QueuedEvent | undefined {
  const ways = [key !== undefined, reason !== undefined, all].filter(Boolean).length;
  if (ways !== 1) throw new OperatorError('Say which events are meant: an event key, or --reason <reason>, or --all.');
  return ({ event: message }) => {
    if (!message.ok) return undefined;
    const event = message.value;
    const isMeant = all || event.key === key || (reason !== undefined && event.quarantine === reason);
    return event.source === source && isMeant ? event : undefined;
  };
}
