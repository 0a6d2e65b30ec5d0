import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC } from '../../../lambdas/contract.ts';
import type { SourceConfig } from '../../config/config.ts';
import { sourceMetric } from './alarm.ts';
import type { AlarmSpec } from './alarm.ts';
import { urgencyOf } from './urgency.ts';

/** Milliseconds in which a delivery is answered if the provider publishes no deadline. */
const AIM_MS = 1000;
/** Share of refused deliveries, in per cent, and the least number of them, from which on they are more than noise. */
const REJECTED_PERCENT = 5;
const REJECTED_LEAST = 5;

/** The alarms of faults between the provider and the ledger. */
export function deliveryAlarms(
  gateway: string,
  { name, provider, silenceAlarmHours }: SourceConfig,
): Record<string, AlarmSpec> {
  const { title, cutsOffAfterFailures = false, acknowledgeWithinMs } = provider;
  const urgency = urgencyOf(provider);
  const minute = Duration.minutes(1);
  const five = Duration.minutes(5);
  const rejectedPeriod = cutsOffAfterFailures ? minute : five;
  return {
    Unavailable: {
      ...urgency.failures,
      metric: sourceMetric(gateway, name, METRIC.unavailable, { period: minute }),
      threshold: 1,
      summary: `Deliveries to ${name} could not be accepted and were answered 503.`,
      runbook: 'unavailable',
    },
    Rejected: {
      severity: cutsOffAfterFailures ? 'critical' : 'warning',
      metric: new MathExpression({
        expression: `IF(rejected >= ${cutsOffAfterFailures ? 1 : REJECTED_LEAST}, 100 * rejected / received, 0)`,
        usingMetrics: {
          rejected: sourceMetric(gateway, name, METRIC.rejected, { period: rejectedPeriod }),
          received: sourceMetric(gateway, name, METRIC.received, { period: rejectedPeriod }),
        },
        label: 'rejected, per cent of received',
        period: rejectedPeriod,
      }),
      threshold: REJECTED_PERCENT,
      summary: `${REJECTED_PERCENT} % or more of the deliveries to ${name} failed verification.`,
      runbook: 'rejected',
    },
    BodyTooLarge: {
      severity: cutsOffAfterFailures ? 'critical' : 'warning',
      metric: sourceMetric(gateway, name, METRIC.rejected, {
        period: five,
        by: { [METRIC.dimension.reason]: 'body_too_large' },
      }),
      threshold: 1,
      summary: `A delivery to ${name} was larger than maxBodyBytes and was answered 413.`,
      runbook: 'body-too-large',
    },
    SlowAnswers: {
      severity: 'warning',
      metric: sourceMetric(gateway, name, METRIC.acknowledgeTime, { period: five, statistic: Stats.percentile(99) }),
      threshold: acknowledgeWithinMs === undefined ? AIM_MS : acknowledgeWithinMs / 2,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      summary:
        acknowledgeWithinMs === undefined
          ? `The slowest 1 % of the answers to ${title} take ${AIM_MS} ms or more.`
          : `The slowest 1 % of the answers to ${title} take half of its ${acknowledgeWithinMs} ms or more.`,
      runbook: 'slow-answers',
    },
    ...(silenceAlarmHours !== undefined && {
      Silence: silence(gateway, name, silenceAlarmHours, cutsOffAfterFailures),
    }),
  };
}

/** No answer to an authentic delivery was timed: a stranger's request, or an event found by polling, is not a sign of life. */
const silence = (gateway: string, source: string, hours: number, cutsOff: boolean): AlarmSpec => ({
  severity: cutsOff ? 'critical' : 'warning',
  metric: sourceMetric(gateway, source, METRIC.acknowledgeTime, {
    period: Duration.hours(1),
    statistic: Stats.SAMPLE_COUNT,
  }),
  threshold: 1,
  comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
  evaluationPeriods: hours,
  missingData: TreatMissingData.BREACHING,
  summary: `No authentic delivery of ${source} has come for ${hours} h.`,
  runbook: 'silence',
});
