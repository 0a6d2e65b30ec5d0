import type { CostedTemplate } from './costed-template.ts';
import type { Use } from './events.ts';
import { scheduledUses } from './scheduled.ts';

/** Hours and minutes of CloudWatch's month. */
const HOURS = 730;
/** Requests with which Lambda asks each queue for messages: five pollers, each for 20 s. */
const POLLS_AN_HOUR = (5 * 3600) / 20;

/**
 * The use of a template's resources in a month, with no event at all: no function but those on a schedule runs then, and no
 * metric of ours has data but those of polls. CloudWatch charges a metric that has some.
 */
export function monthlyUses({ Resources }: CostedTemplate): Use[] {
  const all = Object.values(Resources);
  const ofType = (type: string) => all.filter(({ Type }) => Type === type);
  const count = (type: string): number => ofType(type).length;
  const queues = count('AWS::Lambda::EventSourceMapping');
  const rules = ofType('AWS::WAFv2::WebACL').flatMap(({ Properties }) => (Properties?.Rules ?? []) as unknown[]);
  return [
    { component: 'WAF', price: 'wafAcl', quantity: count('AWS::WAFv2::WebACL'), because: 'the firewall' },
    { component: 'WAF', price: 'wafRule', quantity: rules.length, because: 'its rules' },
    { component: 'KMS', price: 'key', quantity: count('AWS::KMS::Key'), because: 'keys' },
    {
      component: 'Secrets Manager',
      price: 'secret',
      quantity: count('AWS::SecretsManager::Secret'),
      because: 'secrets',
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
      price: 'dashboard',
      quantity: count('AWS::CloudWatch::Dashboard'),
      because: 'the dashboard',
    },
    ...scheduledUses({ Resources }),
  ];
}

/**
 * An alarm that computes is charged for each metric that it computes with; one that counts each source by itself, for the sources
 * that have such a fault, and so for none without an event.
 */
const alarmMetrics = (alarms: readonly { readonly Properties?: Readonly<Record<string, unknown>> }[]): number =>
  alarms.reduce((sum, { Properties = {} }) => {
    const metrics = Properties.Metrics as { readonly MetricStat?: unknown }[] | undefined;
    return sum + (metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1);
  }, 0);
