import { Logger } from '@aws-lambda-powertools/logger';
import { LOG, METRIC } from '../contract.ts';
import { PAUSED_LONG_HOURS } from '../core/process/flow.ts';
import type { Observer } from '../core/observer.ts';
import { publishedVersion, setting } from './environment.ts';
import { SourceMetrics } from './metrics.ts';

export interface Telemetry {
  readonly observer: Observer;
  readonly logger: Logger;
  readonly metrics: SourceMetrics;
}

/**
 * Log lines and CloudWatch metrics (embedded metric format) of one source. A line carries the source, a reason code or the
 * name of an error, and times: nothing of a request or an event.
 *
 * @param slowMs milliseconds from which on an answer is slow
 */
export function telemetry(source: string, gateway = setting('gateway'), slowMs = Infinity): Telemetry {
  const { dimension } = METRIC;
  const logger = new Logger({ serviceName: METRIC.service, persistentKeys: { source } });
  const metrics = new SourceMetrics(source, gateway);
  const version = publishedVersion();
  let hasSaidUnordered = false;
  const countOfVersion = (name: string): void => {
    if (version !== undefined) metrics.countBy(name, dimension.version, version);
  };
  /** A failure is the version's too: a new one that fails too many of its tries is taken back. */
  const countFailure = (name: string): void => {
    metrics.count(name);
    countOfVersion(name);
  };

  return {
    logger,
    metrics,
    observer: {
      received: () => metrics.count(METRIC.received),
      verified(label) {
        metrics.countBy(METRIC.verifiedWith, dimension.secretVersion, label);
        countOfVersion(METRIC.tried);
      },
      rejected(reason) {
        logger.warn(LOG.rejected, { reason });
        metrics.count(METRIC.rejected);
        metrics.countBy(METRIC.rejected, dimension.reason, reason);
        if (reason === 'body_too_large') metrics.count(METRIC.bodyTooLarge);
      },
      secretReadFailed(error) {
        logger.error('the secret could not be read, cached versions stay in use for a day at most', {
          errorName: error,
        });
        metrics.count(METRIC.secretReadFailed);
      },
      secretRefused(secret, label, flaw) {
        logger.error('a version of the secret is unusable and nothing is verified with it: store the real secret', {
          secret,
          label,
          flaw,
        });
        metrics.count(METRIC.secretRefused);
      },
      secretMissing() {
        logger.warn('delivery not accepted, no secret is stored yet: ops secret set stores it');
        metrics.count(METRIC.secretMissing);
      },
      unavailable(step, error) {
        logger.error('delivery not accepted, the provider is told to retry', { step, errorName: error });
        countFailure(METRIC.unavailable);
      },
      accepted: () => metrics.count(METRIC.accepted),
      // Accepted says the same a moment later.
      enqueued: () => undefined,
      duplicate: () => metrics.count(METRIC.duplicate),
      conflict() {
        logger.warn('a known event came with another body, which goes into quarantine');
        metrics.count(METRIC.conflict);
      },
      quarantined(reason) {
        logger.warn('event quarantined', { reason });
        metrics.count(METRIC.quarantined);
        metrics.countBy(METRIC.quarantined, dimension.reason, reason);
      },
      markFailed: (error) =>
        logger.warn('the ledger could not be marked, the event is safe in its queue', { errorName: error }),
      notified(type, isFailing) {
        metrics.countBy(METRIC.notified, dimension.type, type);
        if (!isFailing) return;
        logger.warn('the provider says that a subscription fails or is off: ops missed status shows which');
        metrics.count(METRIC.subscriptionFailing);
      },
      acknowledged(milliseconds) {
        metrics.time(METRIC.acknowledgeTime, milliseconds);
        if (milliseconds >= slowMs) metrics.count(METRIC.slowAnswers);
      },
      processed(milliseconds) {
        metrics.count(METRIC.processed);
        metrics.time(METRIC.processTime, milliseconds);
        countOfVersion(METRIC.tried);
      },
      dropped() {
        metrics.count(METRIC.dropped);
        countOfVersion(METRIC.tried);
      },
      busy: () => metrics.count(METRIC.busy),
      waiting: () => metrics.count(METRIC.waiting),
      unordered(by) {
        // Once is enough: of a wrong path it is so of every event.
        if (!hasSaidUnordered)
          logger.warn(
            'an event has no order key and its order is not kept: look for the key in its JSON, and correct order.by',
            {
              by,
            },
          );
        hasSaidUnordered = true;
      },
      recovered: () => metrics.count(METRIC.recovered),
      failed(reason) {
        logger.error('a try to process an event failed', { reason });
        countFailure(METRIC.failed);
        countOfVersion(METRIC.tried);
      },
      deadLetter: () => logger.error('an event is a dead letter: ops dead-letters shows why'),
      held(why, count, sinceMs) {
        if (why === 'paused' || why === 'open') metrics.count(METRIC.paused, count);
        if (sinceMs >= PAUSED_LONG_HOURS * 3_600_000) metrics.count(METRIC.pausedLong, count);
      },
      breakerMoved(to, kind) {
        if (to === 'open')
          logger.error('most tries fail: processing is paused until a probe succeeds', { reason: kind });
        else if (to === 'slow') logger.warn('most tries fail: processing is slowed', { reason: kind });
        else logger.info('tries succeed again: processing goes on');
      },
      breakerFailed: (error) =>
        logger.warn('the breaker could not be told how tries went, the next invocation tells it', { errorName: error }),
      repaired: (count) => logger.info('dead letters of an outage are back in the queue', { count }),
      retryFailed: (error) =>
        logger.warn('the delay of a failed event could not be set, the queue applies its own', { errorName: error }),
    },
  };
}
