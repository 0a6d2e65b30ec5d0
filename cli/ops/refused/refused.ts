import { z } from 'zod';
import { sourceNamed } from '../../sources.ts';
import { table } from '../../text/blocks.ts';
import { count, optionalSource, time, wholeNumber } from '../inputs.ts';
import { next } from '../next.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { timeNamed } from '../time-input.ts';
import type { Refused } from './line.ts';
import { readRefused } from './read.ts';

const input = z.object({
  source: optionalSource,
  reason: z.string().optional().describe('only deliveries that were refused for this reason'),
  since: z.string().default('24h').describe('only deliveries from this time on: 2026-03-01T09:00:00Z, 90m, 24h, 7d'),
  until: z.string().optional().describe('and before this time; default: now'),
  limit: wholeNumber(1, 100_000).default(10_000).describe('the most refusals that are read, per source'),
});

const Group = z.object({ source: z.string(), reason: z.string(), count });
const output = z.object({
  total: count,
  complete: z.boolean().describe('false if there are refusals that were not read: raise limit, or narrow the time'),
  reasons: z.array(Group.extend({ firstAt: time, lastAt: time })).describe('the most frequent first'),
  hours: z.array(Group.extend({ hour: time.describe('when the hour starts') })).describe('the newest first'),
});

export type RefusedGroups = z.infer<typeof output>;

/** `ops refused [source]`: what was refused, why and when. */
export const refusedOperation = operation({
  name: 'refused',
  summary: 'Shows which deliveries were refused, by reason and by hour, from the log.',
  ...{ input, output, positional: ['source'] },
  effect: 'reads',
  permissions: ['logs:FilterLogEvents'],
  run: showRefused,
});

const HOUR_DIGITS = '2026-03-01T09'.length;

async function showRefused(ops: Ops, given: z.infer<typeof input>): Promise<Report<z.infer<typeof output>>> {
  const { source, reason, since, until, limit: most } = given;
  const now = ops.clock();
  const from = timeNamed('--since', since, now);
  // A delivery that has just been refused is in the log with its function's time, which may be ahead of this clock.
  const to = until === undefined ? new Date(now + 60_000) : timeNamed('--until', until, now);
  const names =
    source === undefined ? ops.config.sources.map(({ name }) => name) : [sourceNamed(source, ops.config.sources).name];
  const reads = await Promise.all(names.map((name) => readRefused(ops, name, { from, to, most })));
  const all = reads.flatMap(({ refused }) => refused).filter((each) => reason === undefined || each.reason === reason);
  const data = { total: all.length, complete: reads.every(({ complete }) => complete), ...groupsOf(all) };
  const [first] = data.reasons;
  const notice = data.complete ? [] : ['There are more: raise --limit, or narrow --since and --until.'];
  if (!first) return { text: ['No delivery was refused in this time.', ...notice], data };
  return {
    text: [
      table(
        ['source', 'reason', 'deliveries', 'first', 'last'],
        data.reasons.map((each) => [each.source, each.reason, each.count, each.firstAt, each.lastAt]),
      ),
      table(
        ['hour', 'source', 'reason', 'deliveries'],
        data.hours.map((each) => [each.hour, each.source, each.reason, each.count]),
      ),
      ...notice,
      next(
        ops.gateway.isLocal ? 'to be told the cause of the last one' : 'to be told the cause, with a saved request',
        `explain ${first.source} ${ops.gateway.isLocal ? '--last --local' : '--request <file>'}`,
      ),
    ],
    data,
  };
}

function groupsOf(all: readonly Refused[]): Pick<z.infer<typeof output>, 'reasons' | 'hours'> {
  const reasons = grouped(all, ({ source, reason }) => [source, reason]).map((group) => {
    const times = group.map(({ at }) => at).sort();
    return { ...headOf(group), firstAt: times[0] ?? '', lastAt: times.at(-1) ?? '' };
  });
  const hours = grouped(all, ({ source, reason, at }) => [source, reason, at.slice(0, HOUR_DIGITS)]).map((group) => ({
    hour: `${(group[0]?.at ?? '').slice(0, HOUR_DIGITS)}:00:00.000Z`,
    ...headOf(group),
  }));
  return {
    reasons: reasons.sort((a, b) => b.count - a.count),
    hours: hours.sort((a, b) => b.hour.localeCompare(a.hour) || b.count - a.count),
  };
}

const grouped = (all: readonly Refused[], keyOf: (one: Refused) => readonly string[]): Refused[][] => [
  ...Map.groupBy(all, (one) => JSON.stringify(keyOf(one))).values(),
];

const headOf = (group: readonly Refused[]) => ({
  source: group[0]?.source ?? '',
  reason: group[0]?.reason ?? '',
  count: group.length,
});
