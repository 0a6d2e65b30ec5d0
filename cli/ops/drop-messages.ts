import type { SQSClient } from '@aws-sdk/client-sqs';
import type { z } from 'zod';
import type { QueuedEvent } from '../../lambdas/core/message.ts';
import { confirm } from './confirm.ts';
import type { dropped } from './dropped.ts';
import { peek, sweep } from './messages.ts';
import type { HeldMessage } from './messages.ts';
import type { Ops } from './ops.ts';
import type { Report } from './output.ts';
import { named } from './select.ts';
import type { NamedMessage, SelectOptions } from './select.ts';
import { counted, isOrAre } from '../text/counted.ts';

/** How messages of one kind of queue are given up. */
export interface GivingUp {
  readonly isMeant: (message: HeldMessage, named: NamedMessage) => Promise<boolean>;
  /** Writes the decision on the ledger item. Resolves to whether the message may be deleted. */
  readonly giveUp: (event: QueuedEvent) => Promise<boolean>;
  /** The place at which they wait, in words. */
  readonly place: string;
  /** The line for an event that was not given up. */
  readonly refusal: (key: string) => string;
}

/** Gives messages of a queue up for good: finds them, asks, writes the decision down, and deletes each. */
export async function dropMessages(
  ops: Ops,
  source: string,
  client: SQSClient,
  url: string,
  options: SelectOptions,
  { isMeant, giveUp, place, refusal }: GivingUp,
): Promise<Report<z.infer<typeof dropped>>> {
  const waiting = await peek(client, url, options.limit, async (message) => {
    const name = named(message);
    return (await isMeant(message, name)) ? name.shortId : undefined;
  });
  const found = new Set(waiting.filter((id) => id !== undefined));
  if (found.size === 0) {
    return {
      text: [`No such event waits in ${place}.`],
      data: { source, dropped: [], refused: [] },
      ok: false,
    };
  }
  await confirm(ops, `Drop ${counted(found.size, 'event')} of ${source} for good?`, options);

  const outcomes = await sweep(client, url, options.limit, async (message) => {
    const { shortId, key, event } = named(message);
    // Nobody was asked about an event that came after the question.
    if (!found.has(shortId)) return { seen: undefined, isDone: false };
    const isDropped = event === undefined || (await giveUp(event));
    return { seen: { key: key.key, isDropped }, isDone: isDropped };
  });
  const decided = outcomes.filter((outcome) => outcome !== undefined);
  const keys = (wasDropped: boolean): string[] => [
    ...new Set(decided.filter(({ isDropped }) => isDropped === wasDropped).map(({ key }) => key)),
  ];
  const [gone, refused] = [keys(true), keys(false)];
  return {
    text: [
      `${counted(gone.length, 'event')} of ${source} ${isOrAre(gone.length)} dropped; the ledger keeps who did it, and when.`,
      ...refused.map(refusal),
    ],
    data: { source, dropped: gone, refused },
    ok: refused.length === 0,
  };
}
