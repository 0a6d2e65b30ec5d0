import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Command } from 'commander';
import type { PollStatus } from '../../lambdas/core/poll/cursor.ts';
import type { PollReport } from '../../lambdas/core/poll/report.ts';
import { pascalCase } from '../../lib/config/stack-names.ts';
import { OperatorError } from '../operator-error.ts';
import { sourceNamed } from '../sources.ts';
import type { Action, Ops } from './command.ts';
import { table } from './output.ts';
import type { Report } from './output.ts';

/** `ops missed …`: what the providers failed to deliver. */
export function missedCommand(action: Action): Command {
  const missed = new Command('missed').description('What a provider failed to deliver (docs/missed-events.md).');
  const of = (name: string, summary: string): Command =>
    missed.command(name).description(summary).argument('<source>', 'a source of hookgate.config.ts');
  of('run', 'Polls at once, and does not wait for the schedule.').action(action(runPoll));
  of('status', 'What the last poll found, and when one last succeeded.').action(action(pollStatus));
  return missed;
}

/** Polls at once. Where the schedule's own poll is under way, this one does nothing and says so. */
async function runPoll(ops: Ops, name: string): Promise<Report> {
  const report = (await ask('poll', name, ops)) as PollReport;
  const text =
    report.outcome === 'busy' ? `Another poll of ${name} is under way: try again in a few minutes.` : show(report);
  return { text, data: report, ok: report.outcome === 'succeeded' };
}

async function pollStatus(ops: Ops, name: string): Promise<Report> {
  const { lastReport, ...status } = (await ask('status', name, ops)) as PollStatus;
  const report = lastReport === undefined ? undefined : (JSON.parse(lastReport) as PollReport);
  const times = [
    ['last ended', status.lastEndedAt ?? 'never'],
    ['last succeeded', status.lastSucceededAt ?? 'never'],
    ...(status.heldUntil === undefined ? [] : [['under way, until at most', status.heldUntil]]),
  ];
  return {
    text: [table(['poll', 'time'], times), ...(report ? [show(report)] : [])].join('\n'),
    data: { ...status, ...(report && { lastReport: report }) },
    ok: report?.outcome === 'succeeded',
  };
}

const functionOf = async (poller: string, target: Ops['target']): Promise<string> => target.resource(poller);

async function ask(action: 'poll' | 'status', name: string, { config, target }: Ops): Promise<unknown> {
  const poller = `${pascalCase(sourceNamed(name, config.sources).name)}Poller`;
  const functionName = await functionOf(poller, target).catch(() => {
    throw new OperatorError(
      `${target.name} gets no missed events for "${name}": its provider must list them, and its options say where.`,
    );
  });
  const client = target.client(LambdaClient);
  const Payload = JSON.stringify({ action });
  const answer = await client.send(new InvokeCommand({ FunctionName: functionName, Payload }));
  if (answer.FunctionError !== undefined)
    throw new OperatorError(`${functionName} failed: ${answer.FunctionError}. Its log says why.`);
  return JSON.parse(answer.Payload?.transformToString() ?? 'null') as unknown;
}

/** A report for a person. */
function show({ faults, malformed, ...report }: PollReport): string {
  const rows = [
    ['outcome', report.outcome],
    ['pages read', report.pages],
    ['listed', report.listed],
    ['new, now in the queue', report.accepted],
    ['known already', report.known],
    ['quarantined', report.quarantined],
    ['not safe, tried again', report.failed],
    ['acknowledged', report.acknowledged],
    ['left for the next poll', report.left],
    ['circuit reopened', report.reopened ? 'yes' : 'no'],
    ...Object.entries(malformed).map(([reason, count]) => [`malformed: ${reason}`, count]),
    ...faults.map((fault) => ['fault', fault]),
  ];
  return table(['poll', ''], rows);
}
