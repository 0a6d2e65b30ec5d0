import { parseIsoTime } from '../../../lambdas/core/schemes/time.ts';
import { encodeKey } from '../../../lambdas/core/event-key.ts';
import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import { OperatorError } from '../../operator-error.ts';
import type { Ops } from '../ops.ts';
import { eventNamed } from '../ledger-record.ts';
import type { ArchiveReader } from './archive.ts';

/** Which processed events are meant. */
export interface ReprocessOptions {
  /** An event key, or a short id. */
  readonly key?: string | undefined;
  /** ISO 8601, with a zone; `to` is exclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly dryRun?: boolean;
}

/** The archived events that are meant, each once. Throws an {@link OperatorError} if the options do not say which. */
export function selected(
  ops: Ops,
  source: string,
  options: ReprocessOptions,
  archive: ArchiveReader,
): AsyncGenerator<QueuedEvent> {
  const { key, from, to } = options;
  if (key !== undefined && from === undefined && to === undefined) return oneEvent(ops, source, key, archive);
  if (key === undefined && from !== undefined && to !== undefined)
    return eventsBetween(source, timeOf('--from', from), timeOf('--to', to), archive);
  throw new OperatorError('Name the events: --key <key>, or --from <time> and --to <time>.');
}

async function* oneEvent(ops: Ops, source: string, given: string, archive: ArchiveReader): AsyncGenerator<QueuedEvent> {
  const { id, record } = await eventNamed(ops, source, given);
  if (record.archivedIn === undefined) throw new OperatorError(`"${given}" of ${source} has not been processed yet.`);
  const event = (await archive.events(record.archivedIn)).find((candidate) => encodeKey(candidate) === encodeKey(id));
  if (!event) throw new OperatorError(`${record.archivedIn} does not have "${given}".`);
  yield event;
}

/** A batch that failed and came back is archived again. */
async function* eventsBetween(
  source: string,
  from: Date,
  to: Date,
  archive: ArchiveReader,
): AsyncGenerator<QueuedEvent> {
  const seen = new Set<string>();
  for await (const place of archive.places(source, from, to)) {
    for (const event of await archive.events(place)) {
      if (!seen.has(encodeKey(event))) yield event;
      seen.add(encodeKey(event));
    }
  }
}

function timeOf(option: string, text: string): Date {
  const time = parseIsoTime(text);
  if (time) return time;
  throw new OperatorError(`${option} must be a time with a zone, such as 2026-03-01T09:00:00Z, and is "${text}".`);
}
