import { z } from 'zod';
import type { EventIdentity } from '../../lambdas/core/event.ts';
import { wants } from '../../lambdas/core/process/fan-out.ts';
import { NOT_TOLD } from '../text/not-told.ts';
import type { WhyNotTold } from '../text/not-told.ts';
import { readRecord } from './ledger-record.ts';
import type { LedgerRecord } from './ledger-record.ts';
import type { Ops } from './ops.ts';

/** A target that has not been told of an event. */
export const NotTold = z.object({
  source: z.string().describe('the name of the target'),
  why: z
    .literal(Object.keys(NOT_TOLD) as WhyNotTold[])
    .describe(
      'type: it gets no such events; other event: the event is a copy, or late; later: the target was added later',
    ),
});
export type NotTold = z.infer<typeof NotTold>;

/** The fate of an event at each target of its source. */
export interface AtTargets {
  /** The records of those that have been told of it. */
  readonly targets: LedgerRecord[];
  readonly notTold: NotTold[];
}

/** Reads the fate of an event at the targets of its source. A target has none of its own. */
export async function atTargets(ops: Ops, id: EventIdentity, record: LedgerRecord): Promise<AtTargets> {
  const { targets = [] } = ops.config.sources.find(({ name }) => name === id.source) ?? {};
  const looked = await Promise.all(
    targets.map(async ({ name, types }) => ({ name, types, own: await readRecord(ops, { ...id, source: name }) })),
  );
  return {
    targets: looked.flatMap(({ own }) => own ?? []),
    notTold: looked.flatMap(({ name, types, own }) => (own ? [] : [{ source: name, why: whyNot(types, record) }])),
  };
}

function whyNot(types: readonly string[] | undefined, record: LedgerRecord): NotTold['why'] {
  const { eventType, status, copyOf, supersededBy } = record;
  if (eventType !== undefined && !wants(types, eventType)) return 'type';
  if (copyOf !== undefined || supersededBy !== undefined) return 'other event';
  return status === 'PROCESSED' ? 'later' : 'not yet';
}
