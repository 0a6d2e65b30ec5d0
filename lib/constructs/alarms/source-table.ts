import { METRIC } from '../../../lambdas/contract.ts';
import type { HookgateConfig, SourceConfig } from '../../config/config.ts';
import { stackName } from '../../config/stack-names.ts';
import { MAX_RECEIVES, visibilitySeconds } from '../queue-times.ts';
import { HELD_AT_MOST } from './gateway-table.ts';
import type { AlarmRow, MetricRef } from './row.ts';
import { subscriptionAlarms } from './subscription-table.ts';

/** The names of a source's queues. */
export interface SourceNames {
  readonly queue: string;
  readonly deadLetters: string;
  readonly quarantine: string;
}

const MINUTE = 60;
const FIVE = 300;
const HOUR = 3600;
const DAY = 86_400;

/** Share of the deliveries, in per cent, and the least number of them whose signatures do not match, that are more than noise. */
const MISMATCH_PERCENT = 5;
const MISMATCH_LEAST = 3;
/** Share of a queue's retention after which the messages that wait there for a person are about to be lost. */
const RETENTION_SHARE = 0.7;
/** Intervals without a successful poll after which somebody must look. */
const INTERVALS = 3;
/** Minutes after a deployment in which nobody is asked for what only a person can store. */
const WAITS_MINUTES = 120;

/**
 * The alarms that a source has to itself: those of its queues, which are AWS's own metrics, those that weigh two metrics against each
 * other, and those that are about no data at all. Everything else is in the gateway's table, for all sources at once.
 */
export function sourceAlarms(config: HookgateConfig, source: SourceConfig, names: SourceNames): AlarmRow[] {
  const { name, poll, silenceAlarmHours, provider } = source;
  const { queueDays } = config.retention;
  const ageLimit = queueAgeLimitSeconds(config, source);
  const gateway = stackName(config);
  const days = Math.ceil((1 - RETENTION_SHARE) * queueDays);
  // SQS counts a message's retention from its first sending, and its age in a dead-letter queue from its arrival there: what it may
  // have spent in the queue before is taken off.
  const expires = (beforeSeconds: number) =>
    ({
      ...{ severity: 'critical' as const, seconds: FIVE },
      threshold: Math.floor(RETENTION_SHARE * (queueDays * DAY - beforeSeconds)),
    }) as const;
  const paused = ofSource(gateway, name, METRIC.paused, 'Sum');
  return [
    {
      ...{ id: 'dead-letters', severity: 'critical', seconds: MINUTE, threshold: 1 },
      query: { metric: ofQueue(names.deadLetters, 'ApproximateNumberOfMessagesVisible') },
      happened: `Events of ${name} failed for good and wait in the dead-letter queue.`,
      look: `See the reasons: npm run ops -- dead-letters ${name}.`,
      act: `Mend the cause, then npm run ops -- redrive ${name}.`,
    },
    {
      ...{ id: 'queue-age', severity: 'critical', seconds: HELD_AT_MOST, threshold: ageLimit },
      // An age counts as none while the source is paused: its events wait because they are told to.
      query: {
        expression: 'IF(FILL(paused, 0) > 0, 0, age)',
        of: { age: ofQueue(names.queue, 'ApproximateAgeOfOldestMessage'), paused },
      },
      happened: `Events of ${name} have waited in the queue for ${ageLimit} s: they are not processed, or not fast enough.`,
      look: 'See what waits and what is in flight: npm run ops -- status; then the log of the processor.',
      act: 'If nothing is in flight, deploy, which restores the mapping; if much is, raise processor.maxConcurrency.',
    },
    {
      ...expires(Math.min(MAX_RECEIVES * visibilitySeconds(config, source), (queueDays * DAY) / 2)),
      id: 'dead-letters-expire',
      query: { metric: ofQueue(names.deadLetters, 'ApproximateAgeOfOldestMessage') },
      happened: `The oldest of the dead letters of ${name} will be deleted in less than ${days} days.`,
      look: `See the reasons: npm run ops -- dead-letters ${name}.`,
      act: `Redrive them today: npm run ops -- redrive ${name}.`,
    },
    {
      ...expires(0),
      id: 'quarantine-expires',
      query: { metric: ofQueue(names.quarantine, 'ApproximateAgeOfOldestMessage') },
      happened: `The oldest of the events of ${name} in quarantine will be deleted in less than ${days} days.`,
      look: `See the reasons: npm run ops -- quarantine list ${name}.`,
      act: 'Release or drop them today.',
    },
    {
      ...{ id: 'rejected', seconds: FIVE, threshold: MISMATCH_PERCENT, periods: [2, 3] },
      severity: provider.cutsOffAfterFailures ? 'critical' : 'warning',
      query: {
        // Without an authentic delivery beside them they may all be a stranger's: of those the gateway's own table has a warning.
        expression: `IF(FILL(forged, 0) >= ${MISMATCH_LEAST} AND FILL(authentic, 0) > 0, 100 * FILL(forged, 0) / (FILL(forged, 0) + FILL(authentic, 0)), 0)`,
        of: {
          forged: ofSource(gateway, name, METRIC.rejected, 'Sum', { [METRIC.dimension.reason]: 'signature_mismatch' }),
          // Whatever version of the secret they matched; a replayed delivery brings nothing new, and does not count.
          authentic: ofSource(gateway, name, METRIC.acknowledgeTime, 'SampleCount'),
        },
      },
      happened: `${MISMATCH_PERCENT} % or more of the deliveries to ${name} have a signature that does not match.`,
      look: `See which secrets match: npm run ops -- secret status ${name}.`,
      act: `If the secret was rotated at the provider, store the new one: npm run ops -- secret stage ${name}.`,
    },
    ...(silenceAlarmHours === undefined ? [] : [silence(gateway, source, silenceAlarmHours, names.queue)]),
    ...(poll
      ? [
          notPolled(gateway, source, poll.everyMinutes * MINUTE, names.queue),
          credentialsMissing(gateway, source, poll.everyMinutes),
        ]
      : []),
    ...subscriptionAlarms(source, (metric, statistic, by) => ofSource(gateway, name, metric, statistic, by)),
  ];
}

/** The alarms of a target: those of a source that are about its queues. It has no deliveries and no quarantine of its own. */
export const targetAlarms = (
  config: HookgateConfig,
  lane: SourceConfig,
  queues: Omit<SourceNames, 'quarantine'>,
  timeoutSeconds: number,
): AlarmRow[] => {
  const like = { ...config, processor: { ...config.processor, timeoutSeconds } };
  return sourceAlarms(like, lane, { ...queues, quarantine: '' }).filter(({ id }) => OF_QUEUES.includes(id));
};

const OF_QUEUES: readonly string[] = ['dead-letters', 'queue-age', 'dead-letters-expire'];

/**
 * An hour, or another time, without something: 1 if it is so, and nothing excuses it. It counts from the source's first deployment on,
 * when nothing can have come yet: since then AWS counts what waits in the queue, whether or not something does.
 */
const without = (of: MetricRef, queue: string, { excuse }: { excuse?: MetricRef } = {}): AlarmRow['query'] => ({
  expression: `IF(FILL(wanted, 0) < 1${excuse ? ' AND FILL(excuse, 0) < 1' : ''} AND FILL(deployed, 0) > 0, 1, 0)`,
  of: {
    ...{ wanted: of, ...(excuse && { excuse }) },
    deployed: { ...ofQueue(queue, 'ApproximateNumberOfMessagesVisible'), statistic: 'SampleCount' },
  },
});

/** Nothing new has come: a replayed delivery, a stranger's request, or an event found by polling is not a sign of life. */
const silence = (gateway: string, { name, provider }: SourceConfig, hours: number, queue: string): AlarmRow => ({
  ...{ id: 'silence', severity: provider.cutsOffAfterFailures ? 'critical' : 'warning' },
  ...{ seconds: HOUR, threshold: 1, periods: [hours, hours] },
  query: without(ofSource(gateway, name, METRIC.acknowledgeTime, 'SampleCount'), queue),
  happened: `No new delivery of ${name} has come for ${hours} h.`,
  look: "See whether the subscription is active in the provider's portal, and its URL.",
  act: `Subscribe again with the URL of npm run ops -- urls, then npm run ops -- missed run ${name}.`,
});

/** While nobody has stored the API's credentials there is nothing to look at at night: another alarm is about that. */
const notPolled = (gateway: string, { name, provider }: SourceConfig, seconds: number, queue: string): AlarmRow => ({
  ...{ id: 'no-successful-poll', severity: 'critical', seconds, threshold: 1, periods: [INTERVALS, INTERVALS] },
  query: without(ofSource(gateway, name, METRIC.pollSucceeded, 'Sum'), queue, {
    excuse: ofSource(gateway, name, METRIC.pollWaits, 'Sum'),
  }),
  happened: `No poll of ${provider.title} for ${name} has succeeded for ${INTERVALS} intervals.`,
  look: `See its faults: npm run ops -- missed status ${name}.`,
  act: "Store the API's credentials again if they are refused; else wait for the provider's API.",
});

/** Three polls, and those of two hours, that called nobody: an operator stores the credentials after the deployment. */
function credentialsMissing(gateway: string, { name, provider }: SourceConfig, everyMinutes: number): AlarmRow {
  const polls = Math.max(INTERVALS, Math.ceil(WAITS_MINUTES / everyMinutes));
  return {
    ...{ id: 'credentials-missing', severity: 'warning', seconds: everyMinutes * MINUTE, threshold: 1 },
    // A poll may be late, so that a period has none and the next one has two.
    periods: [polls, polls + Math.ceil(polls / 4)],
    query: { metric: ofSource(gateway, name, METRIC.pollWaits, 'Sum') },
    happened: `Nobody has stored the credentials of the API of ${provider.title} for ${name}: missed events are not fetched.`,
    look: `See its last poll: npm run ops -- missed status ${name}.`,
    act: "Store them in the source's secret for the API (docs/missed-events.md).",
  };
}

/**
 * Seconds after which a message has waited too long. A message that waits for its next try is counted until its third receive,
 * so the delays before that are allowed for. One that fails again and again is not: after its third receive SQS tells the age of
 * the next one
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
 */
export function queueAgeLimitSeconds(config: HookgateConfig, source: SourceConfig): number {
  const { retry } = source;
  const delays = [1, 2].map((factor) => Math.min(retry.maxDelaySeconds, factor * retry.firstDelaySeconds));
  return 4 * visibilitySeconds(config, source) + delays.reduce((sum, seconds) => sum + seconds, 0);
}

const ofQueue = (QueueName: string, name: string): MetricRef => ({
  ...{ namespace: 'AWS/SQS', name, dimensions: { QueueName }, statistic: 'Maximum' },
});

const ofSource = (
  gateway: string,
  source: string,
  name: string,
  statistic: MetricRef['statistic'],
  by: Readonly<Record<string, string>> = {},
): MetricRef => ({
  ...{ namespace: METRIC.namespace, name, statistic },
  dimensions: { [METRIC.dimension.gateway]: gateway, [METRIC.dimension.source]: source, ...by },
});
