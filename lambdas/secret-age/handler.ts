import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { telemetry } from '../adapters/observer.ts';
import { METRIC } from '../contract.ts';
import { errorName } from '../core/errors.ts';
import { clock, currentSince, logger } from './compose.ts';

const DAY_MS = 86_400_000;

/** A secret, and the age from which on it is too old. */
export interface WatchedSecret {
  readonly name: string;
  readonly maxAgeDays: number;
}

/** The schedule's event: the watched secrets, by source. */
export interface SecretAgeEvent {
  readonly secrets: Readonly<Record<string, WatchedSecret>>;
}

/** Measures, every hour, how old the secrets are that a person rotates. It can read no secret's value. */
export const handler = middy<SecretAgeEvent, undefined>()
  .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
  .handler(async ({ secrets }) => {
    const measured = Object.entries(secrets).map(([source, secret]) => measure(source, secret));
    const failed = (await Promise.all(measured)).filter((ok) => !ok);
    if (failed.length > 0) throw new Error(`the age of ${failed.length} secrets could not be read`);
  });

/** Returns false if the age could not be read. A source that fails does not keep the others from being measured. */
async function measure(source: string, { name, maxAgeDays }: WatchedSecret): Promise<boolean> {
  try {
    const createdAt = await currentSince(name);
    if (!createdAt) {
      logger.warn('the source has no secret yet', { source });
      return true;
    }
    const days = (clock() - createdAt.getTime()) / DAY_MS;
    // A metric without data costs nothing.
    if (days < maxAgeDays) return true;
    const { metrics } = telemetry(source);
    metrics.count(METRIC.secretAgeDays, days);
    metrics.publishStoredMetrics();
    return true;
  } catch (error) {
    logger.error('the age of the secret could not be read', { source, errorName: errorName(error) });
    return false;
  }
}
