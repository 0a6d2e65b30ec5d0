import { METRIC } from '../../../lambdas/contract.ts';
import type { SourceConfig } from '../../config/config.ts';
import type { AlarmRow, MetricRef } from './row.ts';

const MINUTE = 60;
const FIVE = 300;

/** How a source's metrics are named, and how the absence of one is watched. */
interface Naming {
  readonly of: (metric: string, statistic: MetricRef['statistic']) => MetricRef;
  readonly without: (metric: MetricRef) => AlarmRow['query'];
}

/** The alarms of a source whose deliveries say how their Subscription stands; none of any other source. */
export function subscriptionAlarms(
  { name, provider, options, poll }: SourceConfig,
  { of, without }: Naming,
): AlarmRow[] {
  if (!provider.noteOf) return [];
  const heartbeat = provider.signOfLifeSeconds?.(options);
  return [
    {
      ...{ id: 'subscription-failing', severity: 'critical', seconds: FIVE, threshold: 1 },
      query: { metric: of(METRIC.subscriptionFailing, 'Sum') },
      happened: `${provider.title} says that a Subscription of ${name} is in error, or off: it may send nothing more.`,
      look: `See which: npm run ops -- missed status ${name}.`,
      act: 'Turn it on again at the server; option reactivate has the poller do it.',
    },
    ...(heartbeat === undefined
      ? []
      : [heartbeatMissing(name, heartbeat, without(of(METRIC.acknowledgeTime, 'SampleCount')))]),
    ...(poll && provider.missedEvents?.kind === 'numbered' ? [gapFound(name, of(METRIC.gapFound, 'Sum'))] : []),
  ];
}

/** Twice the period, and a minute: clocks drift. */
function heartbeatMissing(name: string, seconds: number, query: AlarmRow['query']): AlarmRow {
  const minutes = Math.ceil((2 * seconds) / MINUTE) + 1;
  return {
    ...{
      id: 'heartbeat-missing',
      severity: 'critical',
      seconds: MINUTE,
      threshold: 1,
      periods: [minutes, minutes],
      query,
    },
    happened: `Nothing has come for ${name} for ${minutes} minutes, not even a heartbeat.`,
    look: `See whether the Subscription is active: npm run ops -- missed status ${name}.`,
    act: `Turn it on again at the server, then npm run ops -- missed run ${name}.`,
  };
}

const gapFound = (name: string, metric: MetricRef): AlarmRow => ({
  ...{ id: 'gap-found', severity: 'critical', seconds: FIVE, threshold: 1, query: { metric } },
  happened: `Events of ${name} are missing, and the server does not give them.`,
  look: `See which numbers: npm run ops -- missed status ${name}.`,
  act: 'Read what has changed at the server by a search since then, before the gap is written off.',
});
