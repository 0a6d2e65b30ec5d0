import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { METRIC } from '../../../lambdas/contract.ts';
import { nameInTemplate, pascalCase } from '../names.ts';

/** How soon somebody must look: `critical` at any hour, `warning` on the next working day. */
export type Severity = 'critical' | 'warning';

/** One topic a severity. */
export type AlarmTopics = Readonly<Record<Severity, ITopic>>;

export interface AlarmSpec {
  readonly metric: IMetric;
  readonly threshold: number;
  readonly severity: Severity;
  /** The event that raises the alarm, in one sentence. */
  readonly summary: string;
  /** Anchor of the alarm's section in docs/runbook.md. */
  readonly runbook: string;
  /** Default: the metric is greater than or equal to the threshold. */
  readonly comparison?: ComparisonOperator;
  /** Default 1. */
  readonly evaluationPeriods?: number;
  /** How many of the periods must be over the threshold. Default: all. */
  readonly datapointsToAlarm?: number;
  /** Default: without data there is no alarm. */
  readonly missingData?: TreatMissingData;
}

/**
 * An alarm that tells its severity's topic, and names its section of the runbook. The id is unique in the stack, and the alarm
 * is named by it: `OsiguDeadLettersAlarm` is `hookgate-dev--osigu--dead-letters` in every message.
 */
export function addAlarm(scope: Construct, id: string, topics: AlarmTopics, spec: AlarmSpec): Alarm {
  const alarm = new Alarm(scope, id, {
    alarmName: nameOf(Stack.of(scope).stackName, id),
    metric: spec.metric,
    threshold: spec.threshold,
    evaluationPeriods: spec.evaluationPeriods ?? 1,
    ...(spec.datapointsToAlarm !== undefined && { datapointsToAlarm: spec.datapointsToAlarm }),
    comparisonOperator: spec.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: spec.missingData ?? TreatMissingData.NOT_BREACHING,
    alarmDescription: `[${spec.severity}] ${spec.summary} Runbook: docs/runbook.md#${spec.runbook}`,
  });
  nameInTemplate(alarm, id);
  const action = new SnsAction(topics[spec.severity]);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}

/** A source's stack is called after it, and so are the ids in it. */
function nameOf(stack: string, id: string): string {
  const [, source = ''] = /--(.+)$/.exec(stack) ?? [];
  return `${stack}--${kebabCase(id.slice(pascalCase(source).length).replace(/Alarm$/, ''))}`;
}

const kebabCase = (name: string): string => name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();

/**
 * A metric that the functions of a source emit; `by` adds a dimension such as the reason. Two gateways of one account share no
 * metric, because each has its name for a dimension.
 */
export const sourceMetric = (
  gateway: string,
  source: string,
  metricName: string,
  options: { readonly statistic?: string; readonly period?: Duration; readonly by?: Record<string, string> } = {},
): Metric =>
  new Metric({
    namespace: METRIC.namespace,
    metricName,
    dimensionsMap: { [METRIC.dimension.gateway]: gateway, [METRIC.dimension.source]: source, ...options.by },
    statistic: options.statistic ?? 'Sum',
    period: options.period ?? Duration.minutes(1),
  });
