import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { IFilterPattern, JsonPattern } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { METRIC, webhookPath } from '../../../lambdas/contract.ts';
import type { Logs } from '../logs.ts';
import { nameInTemplate } from '../names.ts';
import { LOG_METRIC } from './gateway-table.ts';

/** The words of `$context.error.responseType` for what API Gateway answers by itself. */
type GatewayResponse = 'ACCESS_DENIED' | 'REQUEST_TOO_LARGE' | 'THROTTLED' | 'WAF_FILTERED';

/**
 * Counts deliveries that never reach a verifier, or that it never answers: no function counts them, so the access log does, by the
 * kind of the answer.
 */
export class AccessLogMetrics extends Construct {
  constructor(scope: Construct, id: string, accessLogs: Logs) {
    super(scope, id);
    const count = (
      metricName: string,
      filterPattern: IFilterPattern,
      by: Readonly<Record<string, string>> = {},
    ): void => {
      const filter = new MetricFilter(this, metricName, {
        ...{ logGroup: accessLogs, filterPattern, metricName, metricNamespace: METRIC.namespace },
        dimensions: { [METRIC.dimension.gateway]: '$.gateway', ...by },
      });
      nameInTemplate(filter, `${metricName}Filter`);
    };
    count(LOG_METRIC.throttled, answered('THROTTLED'));
    count(LOG_METRIC.bodyTooLarge, answered('REQUEST_TOO_LARGE'));
    count(LOG_METRIC.refusedAddress, FilterPattern.all(OF_A_SOURCE, answered('ACCESS_DENIED', 'WAF_FILTERED')));
    // A verifier's own 503 has an alarm of its own; API Gateway answers 500, 502 or 504 for it.
    count(
      LOG_METRIC.serverErrors,
      FilterPattern.any(...['500', '502', '504'].map((status) => isText('status', status))),
      {
        [METRIC.dimension.route]: '$.route',
      },
    );
  }
}

const isText = (field: string, value: string) => FilterPattern.stringValue(`$.${field}`, '=', value);

const answered = (...responses: readonly GatewayResponse[]): JsonPattern => {
  const patterns = responses.map((one) => isText('gatewayResponse', one));
  return patterns.length === 1 && patterns[0] ? patterns[0] : FilterPattern.any(...patterns);
};

/** A hyphen stands for what is not known, such as the route of a request that the firewall has refused. */
const OF_A_SOURCE = FilterPattern.any(isText('route', webhookPath('*')), isText('route', '-'));
