import type { Provider } from '../../../lambdas/core/provider.ts';
import type { AlarmSpec } from './alarm.ts';

/** How soon failed deliveries are an alarm; periods of a minute. */
export interface Urgency {
  readonly failures: Pick<AlarmSpec, 'severity' | 'evaluationPeriods' | 'datapointsToAlarm'>;
}

/**
 * A provider that stops delivering after failures is an alarm at the first minute. Any other one tries a failed delivery again,
 * so that a single minute heals by itself, and three of five are an outage.
 */
export const urgencyOf = ({ cutsOffAfterFailures = false }: Pick<Provider, 'cutsOffAfterFailures'>): Urgency => ({
  failures: {
    severity: 'critical',
    ...(cutsOffAfterFailures ? { evaluationPeriods: 1 } : { evaluationPeriods: 5, datapointsToAlarm: 3 }),
  },
});
