import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, Stats, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric, IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRIC } from '../../../lambdas/contract.ts';
import { REJECTION_REASONS } from '../../../lambdas/core/verdict.ts';
import { sourceMetric } from './alarm.ts';
import type { IngressApi } from '../ingress/ingress-api.ts';
import { nameInTemplate } from '../names.ts';
import type { SourcePipeline } from '../source-pipeline.ts';

export interface GatewayDashboardProps {
  readonly gateway: string;
  readonly api: IngressApi;
  readonly pipelines: readonly { readonly source: { readonly name: string }; readonly pipeline: SourcePipeline }[];
}

const PERIOD = Duration.minutes(5);
const COUNT = { period: PERIOD, statistic: Stats.SUM };
const HIGHEST = { period: PERIOD, statistic: Stats.MAXIMUM };

/** The one dashboard: the gateway as a whole, then a row per source. */
export class GatewayDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { gateway, api, pipelines }: GatewayDashboardProps) {
    super(scope, id, { dashboardName: gateway, defaultInterval: Duration.hours(12) });
    nameInTemplate(this, id);
    this.addWidgets(
      graph('API: requests and answers', 12, [
        api.metricRequests({ ...COUNT, label: 'requests' }),
        api.metricClientErrors({ ...COUNT, label: '4xx' }),
        api.metricServerErrors({ ...COUNT, label: '5xx' }),
      ]),
      graph(
        'Quarantine',
        12,
        pipelines.map(({ source, pipeline }) =>
          pipeline.quarantine.metricApproximateNumberOfMessagesVisible({ ...HIGHEST, label: source.name }),
        ),
      ),
    );
    for (const { source, pipeline } of pipelines) {
      this.addWidgets(new TextWidget({ markdown: `## ${source.name}`, width: 24, height: 1 }));
      this.addWidgets(...sourceRow(gateway, source.name, pipeline));
    }
  }
}

function sourceRow(gateway: string, source: string, { queue, deadLetters }: SourcePipeline): IWidget[] {
  const count = (name: string, label: string) =>
    sourceMetric(gateway, source, name, { period: PERIOD }).with({ label });
  const acknowledge = (percentile: number) =>
    sourceMetric(gateway, source, METRIC.acknowledgeTime, {
      period: PERIOD,
      statistic: Stats.percentile(percentile),
    }).with({
      label: `p${percentile}, ms`,
    });
  return [
    graph('Deliveries', 5, [
      count(METRIC.received, 'received'),
      count(METRIC.accepted, 'accepted'),
      count(METRIC.duplicate, 'duplicates'),
      count(METRIC.quarantined, 'quarantined'),
      count(METRIC.unavailable, 'unavailable'),
    ]),
    graph(
      'Rejected',
      5,
      REJECTION_REASONS.map((reason) =>
        sourceMetric(gateway, source, METRIC.rejected, {
          period: PERIOD,
          by: { [METRIC.dimension.reason]: reason },
        }).with({
          label: reason,
        }),
      ),
    ),
    graph('Acknowledgement', 4, [acknowledge(50), acknowledge(99)]),
    graph(
      'Queue',
      5,
      [queue.metricApproximateNumberOfMessagesVisible({ ...HIGHEST, label: 'events that wait' })],
      [queue.metricApproximateAgeOfOldestMessage({ ...HIGHEST, label: 'age of the oldest, s' })],
    ),
    graph('Processing', 5, [
      count(METRIC.processed, 'processed'),
      count(METRIC.failed, 'failed tries'),
      count(METRIC.dropped, 'copies dropped'),
      count(METRIC.busy, 'copies that came back'),
      deadLetters.metricApproximateNumberOfMessagesVisible({ ...HIGHEST, label: 'dead letters' }),
    ]),
  ];
}

const graph = (title: string, width: number, left: IMetric[], right: IMetric[] = []): GraphWidget =>
  new GraphWidget({ title, width, height: 6, left, right, leftYAxis: { min: 0 }, rightYAxis: { min: 0 } });
