import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { encodeKey } from '../../lambdas/core/event-key.ts';
import { withBody } from '../../lambdas/core/large-body.ts';
import type { QueuedEvent } from '../../lambdas/core/message.ts';
import { isTarget } from '../../lambdas/core/target.ts';
import { ok } from '../../lambdas/core/result.ts';
import type { NamedEvent } from './ledger-record.ts';
import { view } from './messages.ts';
import type { Ops } from './ops.ts';
import { archiveReader } from './reprocess/archive.ts';
import { quarantineOf, queuesOf } from './source-parts.ts';

/** The content of an event, and the proof that it is authentic. */
export const Content = z.object({
  place: z.enum(['archive', 'quarantine', 'dead letters']).describe('where it was read'),
  contentType: z.string(),
  headers: z.record(z.string(), z.string()).describe('the signature headers as received, without credentials'),
  body: z.string().describe('the exact body if it is text; else base64: and its base64'),
});
export type Content = z.infer<typeof Content>;

/** The most messages of a queue that are looked at for one event. */
const MOST_SEARCHED = 1000;

/**
 * The content of an event, from wherever it is kept: the archive, or else the queue in which it waits for a person. Undefined if it is
 * in neither yet. Only for a run that is recorded: `ops.bodyOf` is absent in any other.
 */
export async function contentOf(ops: Ops, named: NamedEvent): Promise<Content | undefined> {
  const { id, record } = named;
  const archive = archiveReader(ops.gateway);
  const shown = async (event: QueuedEvent, place: Content['place']): Promise<Content> => {
    const whole = await withBody(event, archive.bodies);
    const held = { id: '', receipt: '', text: '', event: ok(whole.ok ? whole.value : event) };
    return { place, contentType: event.contentType, headers: event.evidence.headers, body: ops.bodyOf?.(held) ?? '' };
  };
  const isMeant = (event: QueuedEvent): boolean => encodeKey(event) === encodeKey(id);
  if (record.archivedIn !== undefined) {
    const event = (await archive.events(record.archivedIn)).find(isMeant);
    if (event) return shown(event, 'archive');
  }
  const { deadLettersUrl } = await queuesOf(id.source, ops);
  const places = [
    ...(isTarget(id.source) ? [] : [['quarantine', await quarantineOf(id.source, ops)] as const]),
    ['dead letters', deadLettersUrl],
  ] as const;
  for (const [place, url] of record.status === 'QUARANTINED' ? places : places.toReversed()) {
    const { seen } = await view(ops.gateway.client(SQSClient), url, MOST_SEARCHED, ({ event }) =>
      Promise.resolve(event.ok && isMeant(event.value) ? event.value : undefined),
    );
    const event = seen.find((each) => each !== undefined);
    if (event) return shown(event, place);
  }
  return undefined;
}
