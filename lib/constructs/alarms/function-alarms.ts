import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SourceConfig } from '../../config/config.ts';
import { addAlarm } from './alarm.ts';
import type { AlarmSpec, AlarmTopics } from './alarm.ts';
import { pascalCase } from '../names.ts';
import { urgencyOf } from './urgency.ts';

export interface WatchedFunctions {
  readonly source: SourceConfig;
  readonly verifier: Function;
  readonly processor: Function;
}

/** Share of a function's time-out from which on its slowest run is too close to it. */
const TIMEOUT_SHARE = 0.8;

/** Errors, throttles and run times of a source's functions: what the functions themselves cannot count. */
export function addFunctionAlarms(
  scope: Construct,
  topics: AlarmTopics,
  { source, verifier, processor }: WatchedFunctions,
): void {
  const { failures } = urgencyOf(source.provider);
  // A batch that failed as a whole comes back; events that go on failing have alarms of their own.
  const soon = { severity: 'warning', evaluationPeriods: 5, datapointsToAlarm: 3 } as const;
  const parts = [
    { role: 'Verifier', fn: verifier, urgency: failures, effect: 'its deliveries are answered 5xx' },
    { role: 'Processor', fn: processor, urgency: soon, effect: 'its events wait, and are tried again' },
  ] as const;
  for (const { role, fn, urgency, effect } of parts) {
    const specs = functionAlarms(`${role.toLowerCase()} of ${source.name}`, role.toLowerCase(), fn, urgency, effect);
    for (const [name, spec] of Object.entries(specs)) {
      addAlarm(scope, `${pascalCase(source.name)}${role}${name}Alarm`, topics, spec);
    }
  }
}

function functionAlarms(
  what: string,
  anchor: string,
  fn: Function,
  urgency: Pick<AlarmSpec, 'severity' | 'evaluationPeriods' | 'datapointsToAlarm'>,
  effect: string,
): Record<string, AlarmSpec> {
  const minute = { period: Duration.minutes(1) };
  const timeoutMs = fn.timeout?.toMilliseconds() ?? 3_000;
  return {
    Errors: {
      ...urgency,
      metric: fn.metricErrors(minute),
      threshold: 1,
      summary: `The ${what} crashes or times out: ${effect}.`,
      runbook: `${anchor}-errors`,
    },
    Throttles: {
      ...urgency,
      metric: fn.metricThrottles(minute),
      threshold: 1,
      summary: `Lambda turns away calls of the ${what}: ${effect}.`,
      runbook: `${anchor}-throttles`,
    },
    Duration: {
      severity: 'warning',
      metric: fn.metricDuration({ period: Duration.minutes(5), statistic: Stats.MAXIMUM }),
      threshold: TIMEOUT_SHARE * timeoutMs,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      summary: `The ${what} comes close to its time-out of ${timeoutMs / 1000} s.`,
      runbook: `${anchor}-duration`,
    },
  };
}
