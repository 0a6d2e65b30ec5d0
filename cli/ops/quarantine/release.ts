import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { EventHead } from '../../../lambdas/core/event.ts';
import { encodeMessage, encodeReferring, hasBody } from '../../../lambdas/core/message.ts';
import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import { afterQueued } from '../after-queued.ts';
import { selection as selected } from '../inputs.ts';
import { send, sweep } from '../messages.ts';
import type { Sight } from '../messages.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { named, selection } from '../select.ts';
import type { SelectOptions } from '../select.ts';
import { quarantineOf, queuesOf } from '../source-parts.ts';
import { copiedKey } from './bound.ts';
import { decide } from './decide.ts';
import { DECIDING, reasonOf } from './waiting.ts';
import { counted, isOrAre } from '../../text/counted.ts';

const output = z.object({
  source: z.string(),
  released: z.array(z.string()).describe('event keys'),
  refused: z.array(z.string()).describe('event keys that were dropped before, or whose bodies came with an id too'),
});

/** `ops quarantine release <source>`: events that are to be processed after all. */
export const quarantineRelease = operation({
  name: 'quarantine release',
  summary: 'Releases events, to be processed.',
  ...{ input: z.object(selected), output, positional: ['source', 'key'] },
  effect: 'changes',
  permissions: [...DECIDING, 'sqs:SendMessage', 'kms:GenerateDataKey'],
  run: (ops, { source, key, ...options }) => releaseEvents(ops, source, key, options),
});

/** The outcome for an event; undefined if it was not meant. */
type Seen = { readonly key: string; readonly refusal: string | undefined } | undefined;

/**
 * Has events processed that wait in quarantine: QUARANTINED → QUEUED, then into the source's queue, then out of quarantine. A
 * crash at any point leaves the event in quarantine, and releasing it again does the rest. The processor drops a copy.
 */
export async function releaseEvents(
  ops: Ops,
  source: string,
  key: string | undefined,
  options: SelectOptions,
): Promise<Report<z.infer<typeof output>>> {
  const [{ queueUrl }, quarantineUrl, then] = await Promise.all([
    queuesOf(source, ops),
    quarantineOf(source, ops),
    afterQueued(ops, source),
  ]);
  const isMeant = selection(key, options);
  const sqs = ops.gateway.client(SQSClient);
  const outcomes = await sweep(sqs, quarantineUrl, options.limit, async (message): Promise<Sight<Seen>> => {
    const { event, ...names } = named(message);
    if (!event || !isMeant(names, reasonOf(message))) return { seen: undefined, isDone: false };
    const { key } = event;
    const copied = await copiedKey(ops, event);
    if (copied !== undefined) return { seen: { key, refusal: copyOf(key, copied) }, isDone: false };
    const decided = await decide(ops, event, 'release');
    if (decided === 'refused')
      return { seen: { key, refusal: `${key} was dropped before, and stays so.` }, isDone: false };
    if (decided === 'decided') await send(sqs, queueUrl, messageOf(event));
    return { seen: { key, refusal: undefined }, isDone: true };
  });
  const found = outcomes.filter((outcome) => outcome !== undefined);
  const released = keys(found.filter(({ refusal }) => refusal === undefined));
  const refused = found.filter(({ refusal }) => refusal !== undefined);
  return {
    text: [
      found.length === 0
        ? 'No such event waits in quarantine.'
        : `${counted(released.length, 'event')} of ${source} ${isOrAre(released.length)} in its queue.`,
      ...new Set(refused.flatMap(({ refusal }) => refusal ?? [])),
      ...(released.length > 0 ? then : []),
    ],
    data: { source, released, refused: keys(refused) },
    ok: found.length > 0 && refused.length === 0,
  };
}

const copyOf = (key: string, original: string): string =>
  `${key} is a copy of ${original}: the same body came with that id. Look at the event ${original}, and drop the copy.`;

const keys = (outcomes: readonly { readonly key: string }[]): string[] => [...new Set(outcomes.map(({ key }) => key))];

/** The event as a message of its source's queue: it waits for nobody any more. */
function messageOf(event: QueuedEvent): string {
  if (hasBody(event)) return encodeMessage(withoutQuarantine(event));
  const { body, ...head } = event;
  return encodeReferring(withoutQuarantine(head), body.key);
}

function withoutQuarantine<Waiting extends EventHead>({ quarantine, ...event }: Waiting): Omit<Waiting, 'quarantine'> {
  return event;
}
