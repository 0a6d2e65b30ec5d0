import { Duration, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { IFilterPattern, JsonPattern } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { METRIC, webhookPath } from '../../../lambdas/contract.ts';
import type { HookgateConfig } from '../../config/config.ts';
import { stackName } from '../../config/stack-names.ts';
import { addAlarm } from './alarm.ts';
import type { AlarmTopics } from './alarm.ts';
import { RATE_RULE } from '../ingress/rate-rules.ts';
import type { Logs } from '../logs.ts';
import { nameInTemplate } from '../names.ts';
import { urgencyOf } from './urgency.ts';

export interface RefusalAlarmsProps {
  readonly config: HookgateConfig;
  /** The log group of the API's access log. */
  readonly accessLogs: Logs;
  readonly topics: AlarmTopics;
}

/** The words of `$context.error.responseType` for what API Gateway answers by itself. */
type GatewayResponse = 'ACCESS_DENIED' | 'REQUEST_TOO_LARGE' | 'THROTTLED' | 'WAF_FILTERED';

/**
 * Alarms of deliveries that never reach a verifier: too large for API Gateway or Lambda, too many at a time, or from an address
 * that the firewall or an allow list refuses. No function counts them, so the access log does, by the kind of the answer.
 */
export class RefusalAlarms extends Construct {
  private readonly accessLogs: Logs;
  private readonly gateway: string;

  constructor(scope: Construct, id: string, { config, accessLogs, topics }: RefusalAlarmsProps) {
    super(scope, id);
    this.accessLogs = accessLogs;
    this.gateway = stackName(config);
    // As urgent as the most urgent source: a metric of the whole API does not say whose delivery it was.
    const cutsOffAfterFailures = config.sources.some(({ provider }) => provider.cutsOffAfterFailures);
    const throttled = this.count('Throttled', answered('THROTTLED'));
    addAlarm(this, 'ApiBodyTooLargeAlarm', topics, {
      severity: cutsOffAfterFailures ? 'critical' : 'warning',
      metric: this.count('ApiBodyTooLarge', answered('REQUEST_TOO_LARGE')),
      threshold: 1,
      summary: 'A delivery was larger than API Gateway or Lambda takes and was answered 413.',
      runbook: 'body-too-large',
    });
    addAlarm(this, 'RefusedAddressAlarm', topics, {
      severity: 'warning',
      metric: this.count('RefusedAddress', FilterPattern.all(OF_A_SOURCE, answered('ACCESS_DENIED', 'WAF_FILTERED'))),
      threshold: 1,
      // Nobody need look at a stranger's single request; a provider that moved is refused again and again.
      evaluationPeriods: 30,
      datapointsToAlarm: 5,
      summary: 'The firewall or an allow list refuses deliveries (403): a provider may send from new addresses.',
      runbook: 'refused-address',
    });
    addAlarm(this, 'ThrottledAlarm', topics, {
      ...urgencyOf({ cutsOffAfterFailures }).failures,
      metric: config.waf.enabled ? either(throttled, this.blockedByRate(stackName(config))) : throttled,
      threshold: 1,
      summary: 'Deliveries were answered 429: too many came at a time.',
      runbook: 'throttled',
    });
  }

  private count(metricName: string, filterPattern: IFilterPattern): Metric {
    const filter = new MetricFilter(this, metricName, {
      logGroup: this.accessLogs,
      filterPattern,
      metricNamespace: METRIC.namespace,
      metricName,
      dimensions: { [METRIC.dimension.gateway]: '$.gateway' },
    });
    nameInTemplate(filter, `${metricName}Filter`);
    const dimensionsMap = { [METRIC.dimension.gateway]: this.gateway };
    return new Metric({
      ...{ namespace: METRIC.namespace, metricName, dimensionsMap, statistic: Stats.SUM, period: PERIOD },
    });
  }

  /** The requests that the firewall's limit on one address has refused. */
  private blockedByRate(webAcl: string): Metric {
    return new Metric({
      namespace: 'AWS/WAFV2',
      metricName: 'BlockedRequests',
      dimensionsMap: { WebACL: webAcl, Rule: RATE_RULE, Region: Stack.of(this).region },
      statistic: Stats.SUM,
      period: PERIOD,
    });
  }
}

const isText = (field: string, value: string) => FilterPattern.stringValue(`$.${field}`, '=', value);

const answered = (...responses: readonly GatewayResponse[]): JsonPattern => {
  const patterns = responses.map((one) => isText('gatewayResponse', one));
  return patterns.length === 1 && patterns[0] ? patterns[0] : FilterPattern.any(...patterns);
};

/** A hyphen stands for what is not known, such as the route of a request that the firewall has refused. */
const OF_A_SOURCE = FilterPattern.any(isText('route', webhookPath('*')), isText('route', '-'));

const PERIOD = Duration.minutes(1);

/** A metric without a data point counts as none. */
const either = (api: IMetric, firewall: IMetric): MathExpression =>
  new MathExpression({
    expression: 'FILL(api, 0) + FILL(firewall, 0)',
    usingMetrics: { api, firewall },
    label: 'deliveries answered 429',
    period: PERIOD,
  });
