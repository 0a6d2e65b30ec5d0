import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { HookgateConfig } from '../../config/config.ts';
import { addAlarm } from './alarm.ts';
import type { AlarmTopics } from './alarm.ts';
import type { GatewayBus } from '../gateway-bus.ts';
import type { IngressApi } from '../ingress/ingress-api.ts';
import { urgencyOf } from './urgency.ts';

export interface GatewayAlarmsProps {
  readonly config: HookgateConfig;
  readonly api: IngressApi;
  readonly bus: GatewayBus;
  readonly topics: AlarmTopics;
}

/** The alarms of what all sources share. */
export class GatewayAlarms extends Construct {
  constructor(scope: Construct, id: string, { config, api, bus, topics }: GatewayAlarmsProps) {
    super(scope, id);
    // As urgent as the most urgent source: the metric does not say whose delivery it was.
    const cutsOffAfterFailures = config.sources.some(({ provider }) => provider.cutsOffAfterFailures);
    addAlarm(this, 'ApiErrorsAlarm', topics, {
      ...urgencyOf({ cutsOffAfterFailures }).failures,
      metric: api.metricServerErrors({ period: Duration.minutes(1), statistic: Stats.SUM }),
      threshold: 1,
      summary: 'The API answered deliveries with 5xx.',
      runbook: 'api-errors',
    });
    addAlarm(this, 'BusDeadLettersAlarm', topics, {
      severity: 'critical',
      metric: bus.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: Stats.MAXIMUM,
      }),
      threshold: 1,
      summary: 'EventBridge took events and could not put them on the event bus.',
      runbook: 'bus-dead-letters',
    });
  }
}
