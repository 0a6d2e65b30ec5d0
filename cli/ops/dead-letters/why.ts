import { readRecord } from '../ledger-record.ts';
import type { LedgerRecord } from '../ledger-record.ts';
import type { HeldMessage } from '../messages.ts';
import type { Ops } from '../ops.ts';

/** A dead letter's event as the ledger knows it, and why its processing failed. */
export interface Failure {
  readonly record: LedgerRecord | undefined;
  readonly reason: string;
}

/** Looks up why the event of a dead letter failed. */
export async function whyFailed(ops: Ops, { event, reason }: HeldMessage): Promise<Failure> {
  if (!event.ok) return { record: undefined, reason: `message_${event.reason}` };
  const record = await readRecord(ops, event.value);
  return { record, reason: reasonOf(record, reason) };
}

/** Why the last try failed. A processor that is killed writes nothing down: its lease is what is left of it. */
function reasonOf(record: LedgerRecord | undefined, said: string | undefined): string {
  if (record?.status === 'PROCESSED' && record.failures === 0) return 'none: a copy of a processed event';
  if (record?.leaseUntil !== undefined) return 'processor_died: it crashed or timed out';
  return record?.lastFailure ?? said ?? 'unknown: no try has left a reason';
}
