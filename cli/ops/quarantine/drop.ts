import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { dropMessages } from '../drop-messages.ts';
import { dropped } from '../dropped.ts';
import { selection as selected, yes } from '../inputs.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { selection } from '../select.ts';
import type { SelectOptions } from '../select.ts';
import { quarantineOf } from '../source-parts.ts';
import { decide } from './decide.ts';
import { DECIDING, reasonOf } from './waiting.ts';

/** `ops quarantine drop <source>`: events that are not to be processed. */
export const quarantineDrop = operation({
  name: 'quarantine drop',
  summary: 'Gives events up for good; asks first.',
  ...{ input: z.object({ ...selected, yes }), output: dropped, positional: ['source', 'key'] },
  effect: 'changes',
  permissions: DECIDING,
  run: (ops, { source, key, ...options }) => dropEvents(ops, source, key, options),
});

/**
 * Gives events up that wait in quarantine. The ledger keeps the item, with who did it: a further delivery of the event is a
 * duplicate. The body is gone for good, so it asks first.
 */
export async function dropEvents(
  ops: Ops,
  source: string,
  key: string | undefined,
  options: SelectOptions,
): Promise<Report<z.infer<typeof dropped>>> {
  const quarantineUrl = await quarantineOf(source, ops);
  const isMeant = selection(key, options);
  return dropMessages(ops, source, ops.gateway.client(SQSClient), quarantineUrl, options, {
    isMeant: (message, named) => new Promise((resolve) => resolve(isMeant(named, reasonOf(message)))),
    giveUp: async (event) => (await decide(ops, event, 'drop')) === 'decided',
    place: 'quarantine',
    refusal: (name) => `${name} was released before, so it is not dropped. If it still waits, release it again.`,
  });
}
