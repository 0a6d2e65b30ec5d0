import type { Use } from './events.ts';

/** The parts of a template that cost something by being there. */
export interface CostedTemplate {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

/** The stacks of a gateway as one: no two have a resource of one name. */
export const together = (templates: readonly CostedTemplate[]): CostedTemplate => ({
  Resources: Object.assign({}, ...templates.map(({ Resources }) => Resources)) as CostedTemplate['Resources'],
});

/** Metrics that a source's functions emit, with their dimensions: CloudWatch charges for those that had data. */
const METRICS_OF_SOURCE = 25;
/** Hours and minutes of CloudWatch's month. */
const HOURS = 730;
/** How often a function reads its secret, and the services their data key, in an hour: every five minutes. */
const READS_AN_HOUR = 12;
/** Requests with which Lambda asks each queue for messages: five pollers, each for 20 s. */
const POLLS_AN_HOUR = (5 * 3600) / 20;

/** What the resources of a template use in a month, with no event at all. */
export function monthlyUses({ Resources }: CostedTemplate): Use[] {
  const all = Object.values(Resources);
  const ofType = (type: string) => all.filter(({ Type }) => Type === type);
  const count = (type: string): number => ofType(type).length;
  const queues = count('AWS::Lambda::EventSourceMapping');
  const functions = count('AWS::Lambda::Function');
  const rules = ofType('AWS::WAFv2::WebACL').flatMap(({ Properties }) => (Properties?.Rules ?? []) as unknown[]);
  return [
    { component: 'WAF', price: 'wafAcl', quantity: count('AWS::WAFv2::WebACL'), because: 'the firewall' },
    { component: 'WAF', price: 'wafRule', quantity: rules.length, because: 'its rules' },
    { component: 'KMS', price: 'key', quantity: count('AWS::KMS::Key'), because: 'keys' },
    {
      component: 'KMS',
      price: 'keyRequest',
      quantity: 3 * functions * READS_AN_HOUR * HOURS,
      because: 'a data key every five minutes, for the ledger, a queue and the secret',
    },
    {
      component: 'Secrets Manager',
      price: 'secret',
      quantity: count('AWS::SecretsManager::Secret'),
      because: 'secrets',
    },
    {
      component: 'Secrets Manager',
      price: 'secretRequest',
      quantity: 3 * queues * READS_AN_HOUR * HOURS,
      because: 'three versions every five minutes, in one container per source',
    },
    {
      component: 'SQS',
      price: 'queueRequest',
      quantity: queues * POLLS_AN_HOUR * HOURS,
      because: 'Lambda asks empty queues',
    },
    {
      component: 'CloudWatch',
      price: 'alarmMetric',
      quantity: alarmMetrics(ofType('AWS::CloudWatch::Alarm')),
      because: 'alarms',
    },
    {
      component: 'CloudWatch',
      price: 'metric',
      quantity: queues * METRICS_OF_SOURCE,
      because: 'metrics of the sources',
    },
    {
      component: 'CloudWatch',
      price: 'dashboard',
      quantity: count('AWS::CloudWatch::Dashboard'),
      because: 'the dashboard',
    },
  ];
}

/** An alarm that computes is charged for each metric that it computes with. */
const alarmMetrics = (alarms: readonly { readonly Properties?: Readonly<Record<string, unknown>> }[]): number =>
  alarms.reduce((sum, { Properties = {} }) => {
    const metrics = Properties.Metrics as { readonly MetricStat?: unknown }[] | undefined;
    return sum + (metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1);
  }, 0);
