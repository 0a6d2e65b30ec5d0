import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC } from '../contract.ts';
import { waitsForCredentials } from '../core/poll/report.ts';
import type { PollObserver } from '../core/poll/run.ts';
import type { Telemetry } from './observer.ts';

/** Writes one log line and the metrics of a poll: counts, times, and reasons that are words of this code. */
export function pollObserver({ logger, metrics }: Omit<Telemetry, 'observer'>): PollObserver {
  const { reason: byReason } = METRIC.dimension;

  // A metric without data costs nothing, and stands for none.
  const count = (name: string, value: number): void => {
    if (value > 0) metrics.count(name, value);
  };

  return {
    polled(report) {
      const succeeded = report.outcome === 'succeeded';
      const waits = waitsForCredentials(report);
      logger[succeeded ? 'info' : waits ? 'warn' : 'error']('poll for missed events', { report });
      count(succeeded ? METRIC.pollSucceeded : waits ? METRIC.pollWaits : METRIC.pollFailed, 1);
      if (!waits) for (const fault of report.faults) metrics.countBy(METRIC.pollFailed, byReason, fault);
      for (const [reason, times] of Object.entries(report.malformed)) {
        count(METRIC.missedMalformed, times);
        metrics.countBy(METRIC.missedMalformed, byReason, reason, times);
      }
      count(METRIC.missedListed, report.listed);
      count(METRIC.missedKnown, report.known);
      count(METRIC.missedAcknowledged, report.acknowledged);
      count(METRIC.missedLeft, report.left);
      if (report.reopened) count(METRIC.circuitReopened, 1);
      count(METRIC.subscriptionFailing, report.failing ?? 0);
      const { subscriptions = [] } = report;
      count(METRIC.gapFound, sumOf(subscriptions.map(({ told }) => told)));
      count(METRIC.writtenOff, sumOf(subscriptions.map(({ givenUp }) => givenUp)));
      const { registrationDaysLeft: left } = report;
      if (left !== undefined) metrics.addMetric(METRIC.registrationDaysLeft, MetricUnit.Count, left);
      if (report.oldestSeconds > 0) metrics.addMetric(METRIC.oldestMissedAge, MetricUnit.Seconds, report.oldestSeconds);
    },
    endFailed: (error) => logger.warn('the outcome of the poll could not be saved', { errorName: error }),
  };
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, each) => sum + each, 0);
