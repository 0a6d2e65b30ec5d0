import { METRIC } from '../../../lambdas/contract.ts';
import type { SourceConfig } from '../../config/config.ts';
import { upkeepOf } from '../../config/provider-api.ts';
import type { PollConfig } from '../../config/provider-api.ts';
import type { AlarmRow, MetricRef } from './row.ts';

const MINUTE = 60;
const FIVE = 300;
const HOUR = 3600;
const DAY = 86_400;

/** How a source's metrics are named, with one more dimension if they have one. */
type Naming = (metric: string, statistic: MetricRef['statistic'], by?: Readonly<Record<string, string>>) => MetricRef;

/**
 * The alarms of a source whose deliveries say how their Subscription stands, or whose registrations the poller keeps alive; none of
 * any other source.
 */
export function subscriptionAlarms(source: SourceConfig, of: Naming): AlarmRow[] {
  const { name, provider, options, poll } = source;
  const upkeep = upkeepOf(source);
  if (!provider.noteOf && !upkeep) return [];
  const heartbeat = provider.signOfLifeSeconds?.(options);
  const renewBefore = upkeep?.renewBeforeSeconds?.(options);
  return [
    {
      ...{ id: 'subscription-failing', severity: 'critical', seconds: FIVE, threshold: 1 },
      query: { metric: of(METRIC.subscriptionFailing, 'Sum') },
      happened: `${provider.title} says that a subscription of ${name} fails, is off or is gone: it may send nothing more.`,
      look: `See which: npm run ops -- missed status ${name}.`,
      act: upkeep
        ? `Ask who has ended it, then npm run ops -- register ${name}.`
        : 'Turn it on again at the server; option reactivate has the poller do it.',
    },
    ...(poll && renewBefore !== undefined
      ? [registrationEnds(name, renewBefore / 2, poll, of(METRIC.registrationDaysLeft, 'Minimum'))]
      : []),
    ...(heartbeat === undefined ? [] : [heartbeatMissing(name, heartbeat, of)]),
    ...(poll && provider.missedEvents?.kind === 'numbered' ? [gapFound(name, of(METRIC.gapFound, 'Sum'))] : []),
  ];
}

/** Less is left than half of the time at which a registration is renewed: renewing has failed again and again. */
function registrationEnds(name: string, seconds: number, { everyMinutes }: PollConfig, days: MetricRef): AlarmRow {
  const left = Math.round((seconds / DAY) * 1000) / 1000;
  return {
    ...{ id: 'registration-ends', severity: 'critical', threshold: 1 },
    seconds: Math.max(HOUR, everyMinutes * MINUTE),
    query: { expression: `IF(days < ${left}, 1, 0)`, of: { days } },
    happened: `A registration of ${name} ends in less than ${left} days, and was not renewed.`,
    look: `See its faults: npm run ops -- missed status ${name}.`,
    act: `Store the API's credentials again if they are refused, then npm run ops -- missed run ${name}.`,
  };
}

/** Seconds for which the alarm stays on at most, and minutes up to which it counts by the minute. */
const AT_MOST = { byMinute: DAY, byHour: 7 * DAY, minutes: 12 * 60 };

/**
 * Twice the period, and a minute: clocks drift. Each point of the expression is 1 if nothing has come since, and something has come
 * before within the time that the alarm looks at: so many such points are so long a silence. A Subscription that has never sent
 * anything is not one that has fallen silent: nobody can have made it at the first deployment.
 */
function heartbeatMissing(name: string, seconds: number, of: Naming): AlarmRow {
  const minutes = Math.ceil((2 * seconds) / MINUTE) + 1;
  const [unit, most] = minutes <= AT_MOST.minutes ? [MINUTE, AT_MOST.byMinute] : [HOUR, AT_MOST.byHour];
  const notified = (type: string): MetricRef => of(METRIC.notified, 'Sum', { [METRIC.dimension.type]: type });
  return {
    ...{ id: 'heartbeat-missing', severity: 'critical', seconds: unit, threshold: 1 },
    periods: [Math.ceil((minutes * MINUTE) / unit), most / unit],
    query: {
      expression: `IF(SUM(${HEARD}) > 0 AND SUM(${HEARD}) - RUNNING_SUM(${HEARD}) + ${HEARD} < 1, 1, 0)`,
      of: {
        // A delivery that is sent again brings nothing new, and counts as none.
        events: of(METRIC.acknowledgeTime, 'SampleCount'),
        ...{ heartbeats: notified('heartbeat'), handshakes: notified('handshake') },
      },
    },
    happened: `Nothing has come for ${name} for ${minutes} minutes, not even a heartbeat.`,
    look: `See whether the Subscription is active: npm run ops -- missed status ${name}.`,
    act: `Turn it on again at the server, then npm run ops -- missed run ${name}.`,
  };
}

const HEARD = '(FILL(events, 0) + FILL(heartbeats, 0) + FILL(handshakes, 0))';

const gapFound = (name: string, metric: MetricRef): AlarmRow => ({
  ...{ id: 'gap-found', severity: 'critical', seconds: FIVE, threshold: 1, query: { metric } },
  happened: `Events of ${name} are missing, and the server does not give them.`,
  look: `See which numbers: npm run ops -- missed status ${name}.`,
  act: 'Read what has changed at the server by a search since then, before the gap is written off.',
});
