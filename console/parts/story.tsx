import type { ReactNode } from 'react';
import type { LedgerRecord } from '../../cli/ops/ledger-record.ts';
import { linkTo } from '../address.ts';
import { Said } from './text.tsx';

export const COVERAGE: Readonly<Record<string, string>> = {
  body: 'The whole body is signed.',
  fields: 'Some fields of the body are signed, the others are not.',
  caller: 'Only the caller is proved: nothing of the body is signed.',
};

/** A step of an event's story. */
export interface Step {
  readonly what: ReactNode;
  /** ISO 8601; absent if nobody wrote down when it was. */
  readonly time: string | undefined;
}

/** An event's story, in the order in which it happened; steps without a time are at their place. */
export function storyOf(record: LedgerRecord, now: number): Step[] {
  const { failures, deliveries, status, leaseUntil } = record;
  const step = (isSo: unknown, what: ReactNode, time?: string): Step[] => (isSo ? [{ what, time }] : []);
  const verified =
    record.secretLabel === undefined
      ? ''
      : `, and verified with the ${record.secretLabel} secret (${record.secretVersionId?.slice(0, 8) ?? ''})`;
  const timed = [
    ...step(true, `${record.via === 'poll' ? 'Found by polling' : 'Delivered'}${verified}`, record.firstReceivedAt),
    ...step(deliveries > 1, `Delivered again: ${deliveries} times in all, the last one now`, record.lastReceivedAt),
    ...step(
      failures > 0,
      <>
        Try {failures} failed: <Said text={record.lastFailure} />
      </>,
      record.lastFailedAt,
    ),
    ...step(
      record.releasedAt,
      <>
        Released from quarantine by <Said text={record.releasedBy} />
      </>,
      record.releasedAt,
    ),
    ...step(
      record.droppedAt,
      <>
        Dropped from quarantine by <Said text={record.droppedBy} />
      </>,
      record.droppedAt,
    ),
    ...step(
      record.givenUpAt,
      <>
        A dead letter of it was given up by <Said text={record.givenUpBy} />
      </>,
      record.givenUpAt,
    ),
    ...step(status === 'PROCESSED', 'Processed', record.processedAt),
    ...step(
      record.replayRequestedAt,
      <>
        Ordered to be processed again by <Said text={record.replayRequestedBy} />
      </>,
      record.replayRequestedAt,
    ),
    ...step(
      record.replayedAt,
      <>
        Processed again, by order of <Said text={record.replayedBy} />
      </>,
      record.replayedAt,
    ),
  ].sort((a, b) => (a.time ?? '').localeCompare(b.time ?? ''));
  const [first, ...rest] = timed;
  return [
    ...(first ? [first] : []),
    ...step(
      record.quarantine,
      <>
        Put into quarantine: <Said text={record.quarantine} />
      </>,
    ),
    ...step(record.quarantine === undefined && status !== 'PENDING', 'Queued'),
    ...rest,
    ...step(
      record.copyOf,
      <>
        It is a copy: <Said text={record.copyOf} /> stands for it
      </>,
    ),
    ...step(
      record.supersededBy,
      <>
        A newer event of its order key was handled before: <Said text={record.supersededBy} />
      </>,
    ),
    ...step(true, lastOf(record, leaseUntil !== undefined && leaseUntil > now)),
  ].filter(({ what }) => what !== undefined);
}

/** The step that an event waits for now; undefined if it waits for none. */
function lastOf({ status, droppedAt, failures, source = '' }: LedgerRecord, isHeld: boolean): ReactNode {
  if (status === 'QUEUED' && isHeld) return 'A processor has it now';
  if (status === 'QUEUED' && failures > 0)
    return (
      <>
        It waits to be tried again, or for you among the <a href={linkTo(['dead-letters'], { source })}>dead letters</a>
      </>
    );
  if (status === 'QUEUED') return 'It waits in its queue';
  if (status === 'QUARANTINED' && droppedAt === undefined) return 'It waits for a decision';
  return status === 'PENDING' ? 'Perhaps not in its queue yet: the next delivery of it puts it there again' : undefined;
}
