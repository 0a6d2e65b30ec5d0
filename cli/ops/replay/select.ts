import { parseIsoTime } from '../../../lambdas/core/schemes/time.ts';
import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import { OperatorError } from '../../operator-error.ts';
import type { Ops } from '../command.ts';
import { readRecord } from '../ledger-record.ts';
import type { ArchiveReader } from './archive.ts';

export interface ReplayOptions {
  readonly key?: string;
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
}

/** The archived events that are meant, each once. Throws an {@link OperatorError} where the options do not say which. */
export function selected(
  ops: Ops,
  source: string,
  options: ReplayOptions,
  archive: ArchiveReader,
): AsyncGenerator<QueuedEvent> {
  const { key, from, to } = options;
  if (key !== undefined && from === undefined && to === undefined) return oneEvent(ops, source, key, archive);
  if (key === undefined && from !== undefined && to !== undefined)
    return eventsBetween(source, timeOf('--from', from), timeOf('--to', to), archive);
  throw new OperatorError('Say which events are meant: --key <key>, or --from <time> and --to <time>.');
}

async function* oneEvent(ops: Ops, source: string, key: string, archive: ArchiveReader): AsyncGenerator<QueuedEvent> {
  const record = await readRecord(ops, { source, key });
  if (!record) throw new OperatorError(`The ledger knows no event "${key}" of ${source}, or has forgotten it.`);
  if (record.archivedIn === undefined) throw new OperatorError(`"${key}" of ${source} has not been processed yet.`);
  const event = (await archive.events(record.archivedIn)).find((candidate) => candidate.key === key);
  if (!event) throw new OperatorError(`${record.archivedIn} does not have "${key}".`);
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
      if (!seen.has(event.key)) yield event;
      seen.add(event.key);
    }
  }
}

function timeOf(option: string, text: string): Date {
  const time = parseIsoTime(text);
  if (time) return time;
  throw new OperatorError(`${option} must be a time with a zone, such as 2026-03-01T09:00:00Z, and is "${text}".`);
}
