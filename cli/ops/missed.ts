import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { PollStatus } from '../../lambdas/core/poll/cursor.ts';
import type { PollReport } from '../../lambdas/core/poll/report.ts';
import { needsAPerson } from '../../lambdas/core/poll/upkeep/report.ts';
import { OperatorError } from '../operator-error.ts';
import { sourceNamed } from '../sources.ts';
import { table } from '../text/blocks.ts';
import type { TableBlock } from '../text/blocks.ts';
import { source, time } from './inputs.ts';
import { operation } from './operation.ts';
import type { Ops } from './ops.ts';
import type { Report } from './output.ts';

const polled = z.looseObject({ outcome: z.string().describe('succeeded, failed or busy') });
const pollTimes = z.looseObject({
  lastEndedAt: time.optional(),
  lastSucceededAt: time.optional(),
  heldUntil: time.optional().describe('a poll is under way, until at most then'),
  lastReport: polled.optional(),
});
const common = { input: z.object({ source }), positional: ['source'] as const, permissions: ['lambda:InvokeFunction'] };

/** `ops missed run <source>`: asks the provider now for what it failed to deliver. */
export const missedRun = operation({
  name: 'missed run',
  summary: 'Polls at once, and does not wait for the schedule.',
  ...common,
  output: polled,
  effect: 'changes',
  run: (ops, input) => runPoll(ops, input.source),
});

/** `ops missed status <source>`: how the polls have gone. */
export const missedStatus = operation({
  name: 'missed status',
  summary: 'Shows what the last poll found, and when one last succeeded.',
  ...common,
  output: pollTimes,
  effect: 'reads',
  run: (ops, input) => pollStatus(ops, input.source),
});

/** Polls at once. If the schedule's own poll is under way, this one does nothing and says so. */
async function runPoll(ops: Ops, name: string): Promise<Report<z.input<typeof polled>>> {
  const report = (await ask('poll', name, ops)) as PollReport;
  const text =
    report.outcome === 'busy' ? `Another poll of ${name} is under way: try again in a few minutes.` : show(report);
  return { text: [text], data: { ...report }, ok: report.outcome === 'succeeded' };
}

async function pollStatus(ops: Ops, name: string): Promise<Report<z.input<typeof pollTimes>>> {
  const { lastReport, ...status } = (await ask('status', name, ops)) as PollStatus;
  const report = lastReport === undefined ? undefined : (JSON.parse(lastReport) as PollReport);
  const times = [
    ['last ended', status.lastEndedAt ?? 'never'],
    ['last succeeded', status.lastSucceededAt ?? 'never'],
    ...(status.heldUntil === undefined ? [] : [['under way, until at most', status.heldUntil]]),
  ];
  return {
    text: [table(['poll', 'time'], times), ...(report ? showAll(report) : [])],
    data: { ...status, ...(report && { lastReport: { ...report } }) },
    ok: report?.outcome === 'succeeded' && !report.registrations?.some(needsAPerson),
  };
}

async function ask(action: 'poll' | 'status', name: string, { config, gateway }: Ops): Promise<unknown> {
  const source = sourceNamed(name, config.sources);
  const functionName = await gateway.resourceOf(source.name, 'Poller').catch(() => {
    throw new OperatorError(
      `${gateway.name} fetches no missed events for "${name}": its provider must list them, and its options must say how to call its API.`,
    );
  });
  const client = gateway.client(LambdaClient);
  const Payload = JSON.stringify({ action });
  const answer = await client.send(new InvokeCommand({ FunctionName: functionName, Payload }));
  if (answer.FunctionError !== undefined)
    throw new OperatorError(`${functionName} failed: ${answer.FunctionError}. Its log says why.`);
  return JSON.parse(answer.Payload?.transformToString() ?? 'null') as unknown;
}

const showAll = (report: PollReport): (string | TableBlock)[] => [
  ...[show(report), ...showSubscriptions(report), ...showRegistrations(report)],
];

/** How each registration of the source's URL stands, if the poller keeps them alive. */
function showRegistrations({ registrations }: PollReport): (string | TableBlock)[] {
  if (!registrations) return [];
  if (registrations.length === 0)
    return ["The source's URL is not registered, so the poller keeps nothing alive: npm run ops -- register."];
  const rows = registrations.map(({ events, state, expiresAt }) => [events.join(', '), state, expiresAt ?? 'never']);
  return [table(['registration', 'state', 'ends'], rows)];
}

/** How each Subscription stands, of a provider that numbers its events. */
function showSubscriptions({ subscriptions = [] }: PollReport): TableBlock[] {
  if (subscriptions.length === 0) return [];
  const ranges = (of: readonly { readonly from: string; readonly to: string }[]): string =>
    of.map(({ from, to }) => (from === to ? from : `${from}–${to}`)).join(', ') || '–';
  const rows = subscriptions.map((each) => [
    each.subscription,
    each.status ?? '–',
    each.lastNotification ? `${each.lastNotification.at} (${each.lastNotification.type})` : 'never',
    each.count ?? '–',
    each.contiguous ?? '–',
    ranges(each.gaps),
    ranges(each.writtenOff),
  ]);
  return [
    table(['subscription', 'status', 'last notification', 'count', 'contiguous to', 'gaps', 'written off'], rows),
  ];
}

/** A report for a person. */
function show({ faults, malformed, ...report }: PollReport): TableBlock {
  const rows = [
    ['outcome', report.outcome],
    ['pages read', report.pages],
    ['listed', report.listed],
    ['new, now in the queue', report.accepted],
    ['known already', report.known],
    ['quarantined', report.quarantined],
    ['not safe, left to the next poll', report.failed],
    ['asked for again', report.asked],
    ['acknowledged', report.acknowledged],
    ['left for the next poll', report.left],
    ['circuit reopened', report.reopened ? 'yes' : 'no'],
    ...Object.entries(malformed).map(([reason, count]) => [`malformed: ${reason}`, count]),
    ...faults.map((fault) => ['fault', fault]),
  ];
  return table(['poll', ''], rows);
}
