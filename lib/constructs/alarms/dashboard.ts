import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRIC } from '../../../lambdas/contract.ts';
import type { IngressApi } from '../ingress/ingress-api.ts';
import { nameInTemplate } from '../names.ts';

export interface GatewayDashboardProps {
  readonly gateway: string;
  readonly api: IngressApi;
}

const PERIOD = Duration.minutes(5);
const COUNT = { period: PERIOD, statistic: Stats.SUM };

/**
 * The one dashboard: a graph for each question, with a line for each source. The lines are searched for, so that a dashboard of a
 * hundred sources is as long as one of five; a source is there once it has a metric.
 */
export class GatewayDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { gateway, api }: GatewayDashboardProps) {
    super(scope, id, { dashboardName: gateway, defaultInterval: Duration.hours(12) });
    nameInTemplate(this, id);
    const count = (title: string, name: string): GraphWidget => graph(title, [ofSources(gateway, name, Stats.SUM)]);
    const time = (title: string, name: string, percentile: number): GraphWidget =>
      graph(title, [ofSources(gateway, name, Stats.percentile(percentile))]);
    this.addWidgets(
      graph('API: requests and answers', [
        api.metricRequests({ ...COUNT, label: 'requests' }),
        api.metricClientErrors({ ...COUNT, label: '4xx' }),
        api.metricServerErrors({ ...COUNT, label: '5xx' }),
      ]),
      count('Deliveries received', METRIC.received),
      count('New events accepted', METRIC.accepted),
      count('Duplicates', METRIC.duplicate),
    );
    this.addWidgets(
      graph('Rejected, by reason', [ofSources(gateway, METRIC.rejected, Stats.SUM, METRIC.dimension.reason)]),
      count('Answered 503', METRIC.unavailable),
      count('Quarantined', METRIC.quarantined),
      count('Conflicts', METRIC.conflict),
    );
    this.addWidgets(
      time('Acknowledgement, median, ms', METRIC.acknowledgeTime, 50),
      time('Acknowledgement, p99, ms', METRIC.acknowledgeTime, 99),
      time('Receipt to processed, median, ms', METRIC.processTime, 50),
      time('Receipt to processed, p99, ms', METRIC.processTime, 99),
    );
    this.addWidgets(
      count('Events processed', METRIC.processed),
      count('Failed tries', METRIC.failed),
      count('Copies dropped', METRIC.dropped),
      count('Copies that came back', METRIC.busy),
    );
    this.addWidgets(
      graph('Messages that wait: queues, dead letters, quarantine', [
        ofQueues(gateway, 'ApproximateNumberOfMessagesVisible'),
      ]),
      graph('Age of the oldest message, s', [ofQueues(gateway, 'ApproximateAgeOfOldestMessage')]),
      count('Secret cannot be read', METRIC.secretReadFailed),
      count('Secret refused', METRIC.secretRefused),
    );
  }
}

/** The metric of every source of the gateway, with one more dimension if `by` names it. */
function ofSources(gateway: string, name: string, statistic: string, by?: string): IMetric {
  const { namespace, dimension } = METRIC;
  const dimensions = [dimension.gateway, dimension.source, ...(by === undefined ? [] : [by])];
  return search(
    `{${[namespace, ...dimensions].join(',')}} ${dimension.gateway}="${gateway}" MetricName="${name}"`,
    statistic,
    `\${PROP('Dim.source')}${by === undefined ? '' : ` \${PROP('Dim.${by}')}`}`,
  );
}

/** The words of a name, as a search of CloudWatch sees them: all of them must be in what is found. */
const words = (name: string): string => name.split('-').join(' ');

/**
 * The metric of every queue of the gateway. CloudFormation makes a queue's name, which starts with the stack's; a search knows no
 * beginnings, so another gateway whose name has the same words is found too.
 */
const ofQueues = (gateway: string, name: string): IMetric =>
  search(`{AWS/SQS,QueueName} ${words(gateway)} MetricName="${name}"`, Stats.MAXIMUM, `\${PROP('Dim.QueueName')}`);

const search = (terms: string, statistic: string, label: string): IMetric =>
  new MathExpression({
    expression: `SEARCH('${terms}', '${statistic}', ${PERIOD.toSeconds()})`,
    usingMetrics: {},
    ...{ label, period: PERIOD },
  });

const graph = (title: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, width: 6, height: 6, left, leftYAxis: { min: 0 } });
