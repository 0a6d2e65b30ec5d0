import { decodeMessage } from '../message.ts';
import type { Ledger } from '../ports.ts';
import type { QueueRecord } from './take.ts';

/**
 * Leaves with each event why it failed, for whoever finds it in the dead-letter queue. A note that cannot be written changes
 * nothing: the message comes back all the same.
 */
export async function noteFailures(
  places: readonly (QueueRecord & { readonly owner: string })[],
  reasons: ReadonlyMap<string, string>,
  ledger: Pick<Ledger, 'noteFailure'>,
): Promise<void> {
  const notes = places.map(async ({ id, text, owner }) => {
    const reason = reasons.get(id);
    if (reason === undefined) return;
    const message = decodeMessage(text);
    if (message.ok) await ledger.noteFailure(message.value, owner, reason);
  });
  await Promise.allSettled(notes);
}
