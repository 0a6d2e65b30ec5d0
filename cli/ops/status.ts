import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import { alarmsNow } from './alarms-now.ts';
import type { ActiveAlarm } from './alarms-now.ts';
import { ago } from './ago.ts';
import type { Action, Ops } from './command.ts';
import { lastDeliveries } from './last-deliveries.ts';
import { depthOf } from './messages.ts';
import { table } from './output.ts';
import type { Report } from './output.ts';
import { quarantineUrl, queuesOf } from './source-parts.ts';

/** A source as `--json` shows it. */
interface SourceStatus {
  readonly source: string;
  /** ISO 8601; null where none came within two weeks. */
  readonly lastDeliveryAt: string | null;
  readonly waiting: number;
  readonly inFlight: number;
  readonly deadLetters: number;
  readonly alarms: readonly ActiveAlarm[];
}

/** `ops status`: whether anything needs attention. */
export const statusCommand = (action: Action): Command =>
  new Command('status')
    .description(
      'Each source: last delivery, queue, dead letters, alarms. Exit code 1 where something needs attention.',
    )
    .action(action(showStatus));

export async function showStatus(ops: Ops): Promise<Report> {
  const { config, target, clock } = ops;
  const sqs = target.client(SQSClient);
  const names = config.sources.map(({ name }) => name);
  const [alarms, deliveries, quarantined] = await Promise.all([
    alarmsNow(target, names),
    lastDeliveries(ops, names),
    depthOf(sqs, quarantineUrl(ops)),
  ]);
  const statusOf = async (source: string): Promise<SourceStatus> => {
    const { queueUrl, deadLettersUrl } = await queuesOf(source, ops);
    const [queue, dead] = await Promise.all([depthOf(sqs, queueUrl), depthOf(sqs, deadLettersUrl)]);
    return {
      source,
      lastDeliveryAt: deliveries.get(source)?.toISOString() ?? null,
      ...queue,
      deadLetters: dead.waiting + dead.inFlight,
      alarms: alarms?.filter((alarm) => alarm.source === source) ?? [],
    };
  };
  const sources = await Promise.all(names.map(statusOf));
  const quarantine = quarantined.waiting + quarantined.inFlight;
  const gatewayAlarms = alarms?.filter((alarm) => alarm.source === null) ?? [];
  const rows = sources.map(({ source, lastDeliveryAt, waiting, inFlight, deadLetters, alarms: own }) => [
    source,
    lastDeliveryAt === null ? 'none' : `${ago(lastDeliveryAt, clock())} ago`,
    ...[waiting, inFlight, deadLetters],
    alarms === undefined ? '-' : own.length,
  ]);
  return {
    text: [
      table(['source', 'last delivery', 'waiting', 'in flight', 'dead letters', 'alarms'], rows),
      `In quarantine: ${quarantine}`,
      ...(alarms === undefined ? [] : alarmLines(alarms, clock())),
      ...hints(sources, quarantine),
    ].join('\n'),
    data: { sources, quarantine, gatewayAlarms },
    ok: quarantine === 0 && (alarms ?? []).length === 0 && sources.every(({ deadLetters }) => deadLetters === 0),
  };
}

const alarmLines = (alarms: readonly ActiveAlarm[], now: number): string[] =>
  alarms.length === 0
    ? ['No alarm.']
    : alarms.map(({ name, since, description }) => `ALARM ${name}, for ${ago(since, now)}: ${description}`);

const hints = (sources: readonly SourceStatus[], quarantine: number): string[] => [
  ...sources
    .filter(({ deadLetters }) => deadLetters > 0)
    .map(({ source }) => `Next: see why events of ${source} failed: npm run ops -- dead-letters ${source}`),
  ...(quarantine > 0 ? ['Next: see what waits for a decision: npm run ops -- quarantine list'] : []),
];
