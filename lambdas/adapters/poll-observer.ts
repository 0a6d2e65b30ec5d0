import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC } from '../contract.ts';
import type { PollObserver } from '../core/poll/run.ts';
import type { Telemetry } from './observer.ts';

/** One log line and the metrics of a poll: counts, times, and reasons that are words of this code. */
export function pollObserver({ logger, metrics }: Omit<Telemetry, 'observer'>): PollObserver {
  const count = (name: string, value: number): void => void metrics.addMetric(name, MetricUnit.Count, value);
  const countBy = (name: string, reason: string, value: number): void =>
    void metrics.singleMetric().addDimension(METRIC.dimension.reason, reason).addMetric(name, MetricUnit.Count, value);

  return {
    polled(report) {
      const succeeded = report.outcome === 'succeeded';
      logger[succeeded ? 'info' : 'error']('poll for missed events', { report });
      count(METRIC.pollSucceeded, succeeded ? 1 : 0);
      count(METRIC.pollFailed, succeeded ? 0 : 1);
      for (const fault of report.faults) countBy(METRIC.pollFailed, fault, 1);
      for (const [reason, times] of Object.entries(report.malformed)) {
        count(METRIC.missedMalformed, times);
        countBy(METRIC.missedMalformed, reason, times);
      }
      count(METRIC.missedListed, report.listed);
      count(METRIC.missedKnown, report.known);
      count(METRIC.missedAcknowledged, report.acknowledged);
      count(METRIC.missedLeft, report.left);
      if (report.reopened) count(METRIC.circuitReopened, 1);
      metrics.addMetric(METRIC.oldestMissedAge, MetricUnit.Seconds, report.oldestSeconds);
    },
    endFailed: (error) => logger.warn('the outcome of a poll could not be written down', { errorName: error }),
  };
}
