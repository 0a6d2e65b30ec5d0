import { Duration } from 'aws-cdk-lib';
import { MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRIC } from '../../../lambdas/contract.ts';
import type { HookgateConfig, SourceConfig } from '../../config/config.ts';
import { rotationDays } from '../../config/provider-api.ts';
import { stackName } from '../../config/stack-names.ts';
import { addAlarm, sourceMetric } from './alarm.ts';
import type { AlarmSpec, AlarmTopics } from './alarm.ts';
import { deliveryAlarms } from './delivery-alarms.ts';
import { addFunctionAlarms } from './function-alarms.ts';
import { pascalCase } from '../names.ts';
import { addRetentionAlarm, queueAgeLimitSeconds } from './queue-alarms.ts';
import { MAX_RECEIVES, visibilitySeconds } from '../queue-times.ts';
import type { SourcePipeline } from '../source-pipeline.ts';

export interface SourceAlarmsProps {
  readonly source: SourceConfig;
  readonly pipeline: SourcePipeline;
  readonly topics: AlarmTopics;
  readonly config: HookgateConfig;
}

/** The alarms of one source. docs/runbook.md has a section for each. */
export class SourceAlarms extends Construct {
  constructor(scope: Construct, id: string, { source, pipeline, topics, config }: SourceAlarmsProps) {
    super(scope, id);
    const prefix = pascalCase(source.name);
    const specs = { ...deliveryAlarms(stackName(config), source), ...eventAlarms(source, pipeline, config) };
    for (const [name, spec] of Object.entries(specs)) addAlarm(this, `${prefix}${name}Alarm`, topics, spec);
    if (rotationDays(source) === undefined)
      addAlarm(this, `${prefix}SecretAge`, topics, secretAge(stackName(config), source));
    addRetentionAlarm(
      this,
      `${prefix}DeadLettersExpireAlarm`,
      topics,
      pipeline.deadLetters,
      config.retention.queueDays,
      {
        what: `dead letters of ${source.name}`,
        beforeSeconds: Math.min(MAX_RECEIVES * visibilitySeconds(config), (config.retention.queueDays * DAY) / 2),
        runbook: 'dead-letters-expire',
      },
    );
    addRetentionAlarm(
      this,
      `${prefix}QuarantineExpiresAlarm`,
      topics,
      pipeline.quarantine,
      config.retention.queueDays,
      {
        what: `events of ${source.name} in quarantine`,
        runbook: 'quarantine-expires',
      },
    );
    addFunctionAlarms(this, topics, { source, verifier: pipeline.verifier, processor: pipeline.processor });
  }
}

const secretAge = (gateway: string, { name, secretMaxAgeDays }: SourceConfig): AlarmSpec => ({
  metric: sourceMetric(gateway, name, METRIC.secretAgeDays, { period: Duration.days(1), statistic: Stats.MAXIMUM }),
  threshold: secretMaxAgeDays,
  // A day that was not measured makes no secret young again.
  missingData: TreatMissingData.IGNORE,
  severity: 'warning',
  summary: `The signing secret of ${name} is ${secretMaxAgeDays} days old or older: it is time to rotate it.`,
  runbook: 'secret-age',
});

/** The alarms of faults with events that have been accepted. */
function eventAlarms(
  source: SourceConfig,
  { queue, deadLetters, quarantine }: SourcePipeline,
  config: HookgateConfig,
): Record<string, AlarmSpec> {
  const maximum = { period: Duration.minutes(1), statistic: Stats.MAXIMUM };
  const { name } = source;
  const paused = (period: Duration) => sourceMetric(stackName(config), name, METRIC.paused, { period });
  const ageLimit = queueAgeLimitSeconds(config, source);
  return {
    DeadLetters: {
      severity: 'critical',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible(maximum),
      threshold: 1,
      summary: `Events of ${name} failed for good and wait in the dead-letter queue.`,
      runbook: 'dead-letters',
    },
    Failing: {
      severity: 'warning',
      metric: sourceMetric(stackName(config), name, METRIC.failed, { period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 12,
      datapointsToAlarm: 3,
      summary: `Events of ${name} keep failing, and are tried again.`,
      runbook: 'failing',
    },
    QueueAge: {
      severity: 'critical',
      metric: unlessPaused(
        queue.metricApproximateAgeOfOldestMessage({ ...maximum, period: HELD_AT_MOST }),
        paused(HELD_AT_MOST),
      ),
      threshold: ageLimit,
      summary: `Events of ${name} have waited in the queue for ${ageLimit} s: they are not processed, or not fast enough.`,
      runbook: 'queue-age',
    },
    Paused: {
      severity: 'warning',
      metric: paused(HELD_AT_MOST),
      threshold: 1,
      summary: `Events of ${name} wait: most tries failed, or an operator has paused the source. Deliveries are accepted.`,
      runbook: 'paused',
    },
    PausedLong: {
      severity: 'critical',
      metric: paused(Duration.hours(1)),
      threshold: 1,
      evaluationPeriods: PAUSED_LONG_HOURS,
      summary: `Events of ${name} have waited for ${PAUSED_LONG_HOURS} hours, because the source is paused or what is behind it is down.`,
      runbook: 'paused',
    },
    Quarantine: {
      severity: 'warning',
      metric: quarantine.metricApproximateNumberOfMessagesVisible({ ...maximum, period: Duration.minutes(5) }),
      threshold: 1,
      summary: `Authentic events of ${name} wait in quarantine for a decision.`,
      runbook: 'quarantine',
    },
    Conflict: {
      severity: 'warning',
      metric: sourceMetric(stackName(config), name, METRIC.conflict, { period: Duration.minutes(5) }),
      threshold: 1,
      summary: `A known event key of ${name} came with another body: the second event waits in quarantine.`,
      runbook: 'conflict',
    },
  };
}

const DAY = 86_400;
/** A message of a paused source is handed out again after this at the latest, and counted as one that waits. */
const HELD_AT_MOST = Duration.minutes(30);
const PAUSED_LONG_HOURS = 48;

/** An age that counts as none while the source is paused: its events wait because they are told to. */
const unlessPaused = (age: IMetric, paused: IMetric): MathExpression =>
  new MathExpression({
    expression: 'IF(FILL(paused, 0) > 0, 0, age)',
    usingMetrics: { age, paused },
    label: 'seconds that the oldest event has waited',
    period: HELD_AT_MOST,
  });
