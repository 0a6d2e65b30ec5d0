import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC } from '../contract.ts';
import type { Observer } from '../core/ports.ts';

export interface Telemetry {
  readonly observer: Observer;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Log lines and CloudWatch metrics (embedded metric format) of one source. A line carries the source, a reason code or the
 * name of an error, and times: nothing of a request or an event.
 */
export function telemetry(source: string): Telemetry {
  const { dimension } = METRIC;
  const logger = new Logger({ serviceName: METRIC.service, persistentKeys: { source } });
  const metrics = new Metrics({
    namespace: METRIC.namespace,
    serviceName: METRIC.service,
    defaultDimensions: { [dimension.source]: source },
  });

  const count = (name: string): void => void metrics.addMetric(name, MetricUnit.Count, 1);
  /** One more count of the same metric, under a dimension of its own. */
  const countBy = (name: string, by: string, value: string): void =>
    void metrics.singleMetric().addDimension(by, value).addMetric(name, MetricUnit.Count, 1);
  const time = (name: string, milliseconds: number): void =>
    void metrics.addMetric(name, MetricUnit.Milliseconds, milliseconds);

  return {
    logger,
    metrics,
    observer: {
      received: () => count(METRIC.received),
      verified: (label) => countBy(METRIC.verifiedWith, dimension.secretVersion, label),
      rejected(reason) {
        logger.warn('delivery rejected', { reason });
        count(METRIC.rejected);
        countBy(METRIC.rejected, dimension.reason, reason);
      },
      secretReadFailed(error) {
        logger.error('the secret could not be read, what is cached serves on', { errorName: error });
        count(METRIC.secretReadFailed);
      },
      secretRefused(secret, label, flaw) {
        logger.error('a version of the secret is no secret, nothing is verified with it', { secret, label, flaw });
        count(METRIC.secretRefused);
      },
      unavailable(step, error) {
        logger.error('delivery not accepted, the provider is told to retry', { step, errorName: error });
        count(METRIC.unavailable);
      },
      accepted: () => count(METRIC.accepted),
      enqueued: () => count(METRIC.enqueued),
      duplicate: () => count(METRIC.duplicate),
      conflict() {
        logger.warn('a known event came with another body');
        count(METRIC.conflict);
      },
      quarantined(reason) {
        logger.warn('event quarantined', { reason });
        count(METRIC.quarantined);
        countBy(METRIC.quarantined, dimension.reason, reason);
      },
      markFailed: (error) => logger.warn('mark failed, the event is safe in its queue', { errorName: error }),
      acknowledged: (milliseconds) => time(METRIC.acknowledgeTime, milliseconds),
      processed(milliseconds) {
        count(METRIC.processed);
        time(METRIC.processTime, milliseconds);
      },
      dropped: () => count(METRIC.dropped),
      busy: () => count(METRIC.busy),
      recovered: () => count(METRIC.recovered),
      failed(reason) {
        logger.error('event not processed, it will be tried again', { reason });
        count(METRIC.failed);
      },
    },
  };
}
