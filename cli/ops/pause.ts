import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { FRESH_SECONDS, viewOf } from '../../lambdas/adapters/breaker.ts';
import { LEDGER, LEDGER_KEY } from '../../lambdas/contract.ts';
import { phaseOf } from '../../lambdas/core/process/breaker.ts';
import { isTarget, sourceOf } from '../../lambdas/core/target.ts';
import type { BreakerView } from '../../lambdas/core/process/flow.ts';
import { laneNamed } from '../sources.ts';
import { lane, time } from './inputs.ts';
import { next } from './next.ts';
import { operation, shownReason } from './operation.ts';
import { operatorName } from './operator-name.ts';
import type { Ops } from './ops.ts';
import type { Report } from './output.ts';
import { ledgerTable } from './source-parts.ts';

/** How a source's events are processed now. */
export const Processing = z.object({
  is: z
    .enum(['running', 'slow', 'open', 'paused'])
    .describe('slow and open: most tries fail, and the breaker slows or pauses the source; paused: an operator has'),
  since: time.nullable(),
  reason: z.string().nullable().describe('why it is not running'),
  by: z.string().nullable().describe('who has paused it'),
});
export type Processing = z.infer<typeof Processing>;

const output = z.object({ source: z.string(), processing: Processing });
type Output = z.infer<typeof output>;

/** `ops pause <source> --reason …`: no event is handled until it is resumed. */
export const pause = operation({
  name: 'pause',
  summary: 'Pauses the processing of a source, or of one target alone. Deliveries are accepted, and its events wait.',
  input: z.object({ source: lane, reason: shownReason }),
  ...{ output, positional: ['source'], effect: 'changes' },
  permissions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  run: (ops, input) => pauseSource(ops, input.source, input.reason),
});

/** `ops resume <source>`: its events flow back. */
export const resume = operation({
  name: 'resume',
  summary: 'Has a paused source go on. The events that wait flow back within half an hour, slowly at first.',
  ...{ input: z.object({ source: lane }), output, positional: ['source'], effect: 'changes' },
  permissions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  run: (ops, input) => resumeSource(ops, input.source),
});

async function pauseSource(ops: Ops, name: string, reason: string): Promise<Report<Output>> {
  const by = await operatorName(ops);
  await write(ops, name, {
    UpdateExpression: 'SET pausedAt = :at, pausedBy = :by, pausedReason = :reason',
    ExpressionAttributeValues: { ':at': { N: String(ops.clock()) }, ':by': { S: by }, ':reason': { S: reason } },
  });
  return {
    text: [pausedText(name), next('to have it go on', `resume ${name}`)],
    data: { source: name, processing: await processingOf(ops, name) },
  };
}

/** Says from when on nothing is handled, which is not at once: whoever migrates a database has to wait for it. */
export const pausedText = (name: string): string =>
  [
    `${name} is paused. Its processors know it within ${FRESH_SECONDS} seconds, and then begin no event. Events under way go on.`,
    isTarget(name) ? `${sourceOf(name)} and its other targets go on too.` : 'Deliveries are accepted.',
  ].join(' ');

async function resumeSource(ops: Ops, name: string): Promise<Report<Output>> {
  const before = await processingOf(ops, name);
  if (before.is === 'paused')
    await write(ops, name, {
      UpdateExpression: 'SET resumedAt = :at REMOVE pausedAt, pausedBy, pausedReason',
      ExpressionAttributeValues: { ':at': { N: String(ops.clock()) } },
    });
  const processing = await processingOf(ops, name);
  const text =
    before.is !== 'paused'
      ? `${name} is not paused.`
      : `${name} goes on: what waits flows back within half an hour, slowly at first.`;
  const isOpen = processing.is === 'open';
  return {
    text: [text, ...(isOpen ? ['Its breaker is open: a probe a minute looks whether tries succeed again.'] : [])],
    data: { source: name, processing },
  };
}

/** How a source's events are processed, as its processors know it some seconds later at most. */
export async function processingOf(ops: Ops, name: string): Promise<Processing> {
  const get = new GetItemCommand({ ...itemOf(ops, name), ConsistentRead: true });
  const { Item: item = {} } = await ops.gateway.client(DynamoDBClient).send(get);
  return toProcessing(viewOf(item), ops.clock());
}

function toProcessing({ state, paused }: BreakerView, now: number): Processing {
  const at = (milliseconds: number): string => new Date(milliseconds).toISOString();
  if (paused) return { is: 'paused', since: at(paused.at), reason: paused.reason, by: paused.by };
  const phase = phaseOf(state, now);
  if (phase === 'closed') return { is: 'running', since: null, reason: null, by: null };
  const since = phase === 'open' ? (state.outageSince ?? state.since) : state.since;
  return { is: phase, since: at(since), reason: `most tries fail: ${state.kind ?? 'unknown'}`, by: null };
}

type Write = Pick<UpdateItemCommand['input'], 'UpdateExpression' | 'ExpressionAttributeValues'>;

async function write(ops: Ops, name: string, change: Write): Promise<void> {
  await ops.gateway.client(DynamoDBClient).send(new UpdateItemCommand({ ...itemOf(ops, name), ...change }));
}

const itemOf = (ops: Ops, name: string) => ({
  TableName: ledgerTable(ops),
  Key: { [LEDGER.partitionKey]: { S: LEDGER_KEY.breaker(laneNamed(name, ops.config.sources).name) } },
});
