import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { bindBody } from '../../../lambdas/adapters/bound-bodies.ts';
import { encodeKey } from '../../../lambdas/core/event-key.ts';
import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import { sourceNamed } from '../../sources.ts';
import type { Ops } from '../ops.ts';
import { ledgerTable } from '../source-parts.ts';

/**
 * The key of the event that an event without an id is a copy of: its body has come with an id too. If it has not, the body is bound to
 * this event, so that a delivery which brings it with an id later is a duplicate; undefined then.
 */
export async function copiedKey(ops: Ops, event: QueuedEvent): Promise<string | undefined> {
  if (event.quarantine !== 'no_event_id') return undefined;
  const { windowSeconds } = sourceNamed(event.source, ops.config.sources);
  const settings = { table: ledgerTable(ops), windowSeconds, now: Math.floor(ops.clock() / 1000) };
  const bound = await bindBody({ ...settings, dynamo: ops.gateway.client(DynamoDBClient) }, event);
  return encodeKey(bound) === encodeKey(event) ? undefined : bound.key;
}
