import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC } from '../contract.ts';
import type { PollObserver } from '../core/poll/run.ts';
import type { Telemetry } from './observer.ts';

/** Writes one log line and the metrics of a poll: counts, times, and reasons that are words of this code. */
export function pollObserver({ logger, metrics }: Omit<Telemetry, 'observer'>): PollObserver {
  const { reason: byReason } = METRIC.dimension;

  return {
    polled(report) {
      const succeeded = report.outcome === 'succeeded';
      logger[succeeded ? 'info' : 'error']('poll for missed events', { report });
      metrics.count(METRIC.pollSucceeded, succeeded ? 1 : 0);
      metrics.count(METRIC.pollFailed, succeeded ? 0 : 1);
      for (const fault of report.faults) metrics.countBy(METRIC.pollFailed, byReason, fault);
      for (const [reason, times] of Object.entries(report.malformed)) {
        metrics.count(METRIC.missedMalformed, times);
        metrics.countBy(METRIC.missedMalformed, byReason, reason, times);
      }
      metrics.count(METRIC.missedListed, report.listed);
      metrics.count(METRIC.missedKnown, report.known);
      metrics.count(METRIC.missedAcknowledged, report.acknowledged);
      metrics.count(METRIC.missedLeft, report.left);
      if (report.reopened) metrics.count(METRIC.circuitReopened, 1);
      metrics.addMetric(METRIC.oldestMissedAge, MetricUnit.Seconds, report.oldestSeconds);
    },
    endFailed: (error) => logger.warn('the outcome of the poll could not be saved', { errorName: error }),
  };
}
