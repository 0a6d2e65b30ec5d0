import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { HookgateConfig, SourceConfig } from '../../config/config.ts';
import { addAlarm } from './alarm.ts';
import type { AlarmTopics } from './alarm.ts';
import { visibilitySeconds } from '../queue-times.ts';

/**
 * Seconds after which a message has waited too long. A message that waits for its next try is counted until its third receive,
 * so the delays before that are allowed for. One that fails again and again is not: after its third receive SQS tells the age of the next one
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
 */
export function queueAgeLimitSeconds(config: HookgateConfig, { retry }: SourceConfig): number {
  const delays = [1, 2].map((factor) => Math.min(retry.maxDelaySeconds, factor * retry.firstDelaySeconds));
  return 4 * visibilitySeconds(config) + delays.reduce((sum, seconds) => sum + seconds, 0);
}

/** Share of a queue's retention after which the messages that wait there for a person are about to be lost. */
const RETENTION_SHARE = 0.7;

/**
 * Warns well before SQS deletes what nobody has looked at. SQS counts a message's retention from its first sending, and the age in
 * a dead-letter queue from the message's arrival there: `beforeSeconds` is the time that a message may have spent elsewhere.
 */
export function addRetentionAlarm(
  scope: Construct,
  id: string,
  topics: AlarmTopics,
  queue: IQueue,
  retentionDays: number,
  {
    what,
    runbook,
    beforeSeconds = 0,
  }: { readonly what: string; readonly runbook: string; readonly beforeSeconds?: number },
): void {
  addAlarm(scope, id, topics, {
    severity: 'critical',
    metric: queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: Stats.MAXIMUM }),
    threshold: Math.floor(RETENTION_SHARE * (retentionDays * 86_400 - beforeSeconds)),
    summary: `The oldest of the ${what} will be deleted in less than ${Math.ceil((1 - RETENTION_SHARE) * retentionDays)} days.`,
    runbook,
  });
}
