import { SQSClient } from '@aws-sdk/client-sqs';
import { encodeMessage, encodeReferring, hasBody } from '../../../lambdas/core/message.ts';
import type { EventHead } from '../../../lambdas/core/event.ts';
import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import type { Ops } from '../command.ts';
import { send, sweep } from '../messages.ts';
import type { Report } from '../output.ts';
import { quarantineUrl, queuesOf } from '../source-parts.ts';
import { decide } from './decide.ts';
import { selection } from './select.ts';
import type { SelectOptions } from './select.ts';

/**
 * Has events processed that wait in quarantine: QUARANTINED → QUEUED, then into the source's queue, then out of quarantine. A
 * crash at any point leaves the event in quarantine, and releasing it again does what is left; a copy is dropped by the processor.
 */
export async function releaseEvents(
  ops: Ops,
  source: string,
  key: string | undefined,
  options: SelectOptions,
): Promise<Report> {
  const { queueUrl } = await queuesOf(source, ops);
  const meant = selection(source, key, options);
  const sqs = ops.target.client(SQSClient);
  const outcomes = await sweep(sqs, quarantineUrl(ops), options.limit, async (message) => {
    const event = meant(message);
    if (!event) return { seen: undefined, isDone: false };
    const decided = await decide(ops, event, 'release');
    if (decided === 'refused') return { seen: { key: event.key, released: false }, isDone: false };
    if (decided === 'decided') await send(sqs, queueUrl, messageOf(event));
    return { seen: { key: event.key, released: true }, isDone: true };
  });
  const found = outcomes.filter((outcome) => outcome !== undefined);
  const released = keys(found.filter((outcome) => outcome.released));
  const refused = keys(found.filter((outcome) => !outcome.released));
  return {
    text: [
      found.length === 0
        ? `Nothing that is meant waits in quarantine.`
        : `${released.length} events of ${source} are in its queue.`,
      ...refused.map((each) => `${each} was dropped before, and stays so.`),
      ...(released.length > 0 ? ['Next: see that they are processed: npm run ops -- status'] : []),
    ].join('\n'),
    data: { source, released, refused },
    ok: found.length > 0 && refused.length === 0,
  };
}

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
