import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRIC } from '../../../lambdas/contract.ts';
import type { SourceConfig } from '../../config/config.ts';
import { addAlarm, sourceMetric } from './alarm.ts';
import type { AlarmSpec, AlarmTopics } from './alarm.ts';

export interface PollAlarmsProps {
  readonly gateway: string;
  readonly source: SourceConfig;
  readonly interval: Duration;
  readonly topics: AlarmTopics;
}

/** Intervals without a successful poll after which somebody must look. */
const INTERVALS = 3;
/** Seconds by which an event may be late that was got by polling. */
const LATE_SECONDS = 3600;

/** The alarms of the polls of a source. Each has its section in docs/runbook.md. */
export function addPollAlarms(
  scope: Construct,
  id: string,
  { gateway, source, interval, topics }: PollAlarmsProps,
): void {
  const { title } = source.provider;
  const metric = (name: string, statistic?: string) =>
    sourceMetric(gateway, source.name, name, { period: interval, ...(statistic !== undefined && { statistic }) });
  const specs: Readonly<Record<string, AlarmSpec>> = {
    NotPolled: {
      metric: metric(METRIC.pollSucceeded),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: INTERVALS,
      missingData: TreatMissingData.BREACHING,
      severity: 'critical',
      summary: `No poll of ${title} for ${source.name} has succeeded for ${INTERVALS} intervals.`,
      runbook: 'no-successful-poll',
    },
    PollFailed: {
      metric: metric(METRIC.pollFailed),
      threshold: 1,
      severity: 'warning',
      summary: `A poll of ${title} for ${source.name} failed in whole or in part.`,
      runbook: 'poll-failed',
    },
    Recovered: {
      metric: metric(METRIC.recovered),
      threshold: 1,
      severity: 'warning',
      summary: `${title} failed to deliver events to ${source.name}; the gateway fetched them by polling.`,
      runbook: 'events-recovered',
    },
    MissedEventLate: {
      metric: metric(METRIC.oldestMissedAge, 'Maximum'),
      threshold: LATE_SECONDS,
      severity: 'critical',
      summary: `Polling found an event of ${source.name} an hour or more after it happened.`,
      runbook: 'missed-event-late',
    },
    MissedEventsLeft: {
      metric: metric(METRIC.missedLeft),
      threshold: 1,
      evaluationPeriods: INTERVALS,
      severity: 'warning',
      summary: `Polls for ${source.name} have left events for the next poll ${INTERVALS} times in a row.`,
      runbook: 'missed-events-left',
    },
    ...(source.provider.missedEvents?.acknowledging && {
      CircuitReopened: {
        metric: metric(METRIC.circuitReopened),
        threshold: 1,
        severity: 'warning',
        summary: `${title} may have stopped delivering to ${source.name}; it was told to go on.`,
        runbook: 'circuit-reopened',
      },
    }),
  };
  for (const [name, spec] of Object.entries(specs)) addAlarm(scope, id + name, topics, spec);
}
