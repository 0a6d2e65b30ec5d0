import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { telemetry } from '../adapters/observer.ts';
import { METRIC } from '../contract.ts';
import { errorName } from '../core/errors.ts';
import { clock, currentSince, logger, secrets } from './compose.ts';

const DAY_MS = 86_400_000;

/** Measures, once a day, how old the secrets are that a person rotates. It can read no secret's value. */
export const handler = middy<unknown, undefined>()
  .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
  .handler(async () => {
    const failed = (await Promise.all(secrets.map(([source, arn]) => measure(source, arn)))).filter((ok) => !ok);
    if (failed.length > 0) throw new Error(`the age of ${failed.length} secrets could not be read`);
  });

/** Returns false if the age could not be read. A source that fails does not keep the others from being measured. */
async function measure(source: string, arn: string): Promise<boolean> {
  try {
    const createdAt = await currentSince(arn);
    if (!createdAt) {
      logger.warn('the source has no secret yet', { source });
      return true;
    }
    const { metrics } = telemetry(source);
    metrics.count(METRIC.secretAgeDays, (clock() - createdAt.getTime()) / DAY_MS);
    metrics.publishStoredMetrics();
    return true;
  } catch (error) {
    logger.error('the age of the secret could not be read', { source, errorName: errorName(error) });
    return false;
  }
}
