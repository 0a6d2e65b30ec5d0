import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { isTarget } from '../../lambdas/core/target.ts';
import { lanesOf } from '../../lib/config/lanes.ts';
import { ago } from '../text/ago.ts';
import { table } from '../text/blocks.ts';
import { AccessLog, accessLogLines, accessLogOf } from './access-log-role.ts';
import { alarmsNow } from './alarms-now.ts';
import type { ActiveAlarm } from './alarms-now.ts';
import { count, time } from './inputs.ts';
import { lastDeliveries } from './last-deliveries.ts';
import { depthOf } from './messages.ts';
import { next } from './next.ts';
import { operation } from './operation.ts';
import type { Ops } from './ops.ts';
import type { Report } from './output.ts';
import { Processing, processingOf } from './pause.ts';
import { quarantineOf, queuesOf } from './source-parts.ts';

const Alarm = z.object({ name: z.string(), source: z.string().nullable(), since: time, description: z.string() });
const SourceStatus = z.object({
  source: z.string(),
  lastDeliveryAt: time.nullable().describe('null if none came within two weeks, and for a target'),
  waiting: count,
  inFlight: count,
  deadLetters: count,
  quarantine: count.describe('events that wait for a decision'),
  processing: Processing,
  alarms: z.array(Alarm),
});
export type SourceStatus = z.infer<typeof SourceStatus>;
const output = z.object({
  sources: z.array(SourceStatus),
  quarantine: count.describe('the sum over the sources'),
  gatewayAlarms: z.array(Alarm),
  accessLog: AccessLog,
});
export type GatewayStatus = z.infer<typeof output>;

/** `ops status`: whether anything needs attention. */
export const status = operation({
  name: 'status',
  summary:
    'Each source and each target: last delivery, queues, alarms. The exit code is 1 if something needs attention.',
  ...{ input: z.object({}), output },
  effect: 'reads',
  permissions: [
    ...['sqs:GetQueueAttributes', 'cloudwatch:GetMetricData', 'cloudwatch:DescribeAlarms', 'dynamodb:GetItem'],
    'apigateway:GET',
  ],
  run: showStatus,
});

async function showStatus(ops: Ops): Promise<Report<z.infer<typeof output>>> {
  const { config, gateway, clock } = ops;
  const sqs = gateway.client(SQSClient);
  const names = config.sources.map(({ name }) => name);
  const [alarms, deliveries, accessLog] = await Promise.all([
    ...([alarmsNow(gateway), lastDeliveries(ops, names)] as const),
    accessLogOf(gateway),
  ]);
  const depth = async (url: string): Promise<number> => {
    const { waiting, inFlight } = await depthOf(sqs, url);
    return waiting + inFlight;
  };
  const statusOf = async (source: string): Promise<SourceStatus> => {
    const { queueUrl, deadLettersUrl } = await queuesOf(source, ops);
    const [queue, processing, deadLetters, quarantine] = await Promise.all([
      depthOf(sqs, queueUrl),
      processingOf(ops, source),
      depth(deadLettersUrl),
      isTarget(source) ? 0 : quarantineOf(source, ops).then(depth),
    ]);
    const lastDeliveryAt = deliveries.get(source)?.toISOString() ?? null;
    const own = alarms?.filter((alarm) => alarm.source === source) ?? [];
    return { source, lastDeliveryAt, ...queue, deadLetters, quarantine, processing, alarms: own };
  };
  const sources = await Promise.all(lanesOf(config.sources).map(({ name }) => statusOf(name)));
  const quarantine = sources.reduce((sum, each) => sum + each.quarantine, 0);
  const gatewayAlarms = alarms?.filter((alarm) => alarm.source === null) ?? [];
  return {
    text: [
      table(
        ['source', 'processing', 'last delivery', 'waiting', 'in flight', 'dead letters', 'quarantine', 'alarms'],
        sources.map((source) => rowOf(source, alarms !== undefined, clock())),
      ),
      `In quarantine: ${quarantine}`,
      ...(alarms === undefined ? [] : alarmLines(alarms, clock())),
      ...accessLogLines(accessLog, gateway),
      ...sources.flatMap(({ source, processing }) => stateLine(source, processing, clock())),
      ...sources.flatMap(hints),
    ],
    data: { sources, quarantine, gatewayAlarms, accessLog },
    ok: quarantine === 0 && (alarms ?? []).length === 0 && accessLog !== 'no role' && sources.every(isWell),
  };
}

const isWell = ({ deadLetters, processing }: SourceStatus): boolean => deadLetters === 0 && processing.is === 'running';

const rowOf = (
  { source, processing, lastDeliveryAt, waiting, inFlight, deadLetters, quarantine, alarms }: SourceStatus,
  hasAlarms: boolean,
  now: number,
): (string | number)[] => [
  source,
  processing.is,
  lastDelivery(source, lastDeliveryAt, now),
  ...[waiting, inFlight, deadLetters, quarantine],
  hasAlarms ? alarms.length : '-',
];

/** Providers deliver to sources alone. */
function lastDelivery(source: string, at: string | null, now: number): string {
  if (isTarget(source)) return '-';
  return at === null ? 'none' : `${ago(at, now)} ago`;
}

const alarmLines = (alarms: readonly ActiveAlarm[], now: number): string[] =>
  alarms.length === 0
    ? ['No alarm is on.']
    : alarms.map(({ name, since, description }) => `ALARM ${name}, for ${ago(since, now)}: ${description}`);

function stateLine(source: string, { is, since, reason, by }: Processing, now: number): string[] {
  if (is === 'running') return [];
  const lasts = `for ${since === null ? 'an unknown time' : ago(since, now)}: ${reason ?? 'no reason given'}`;
  if (is === 'paused') return [`${source} is paused, ${lasts} (${by ?? 'unknown'})`];
  return [`${source} is ${is === 'slow' ? 'slowed' : 'paused by its breaker'}, ${lasts}. It goes on by itself.`];
}

const hints = ({ source, processing, deadLetters, quarantine }: SourceStatus): string[] => [
  ...(processing.is === 'paused' ? [next(`have ${source} go on`, `resume ${source}`)] : []),
  ...(deadLetters > 0 ? [next(`see why events of ${source} failed`, `dead-letters ${source}`)] : []),
  ...(quarantine > 0 ? [next(`see which events of ${source} wait for a decision`, `quarantine list ${source}`)] : []),
];
