import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CLIENT_BOUNDS } from '../adapters/clients.ts';
import { setting } from '../adapters/environment.ts';
import { telemetry } from '../adapters/observer.ts';
import { currentVersionDate } from '../adapters/secret-date.ts';
import { METRIC } from '../contract.ts';
import { errorName } from '../core/errors.ts';
import { traced } from '../adapters/trace.ts';

const DAY_MS = 86_400_000;

const secrets = Object.entries(JSON.parse(setting('agingSecrets')) as Record<string, string>);
const manager = traced(new SecretsManagerClient(CLIENT_BOUNDS), 'SecretsManager');
const { logger } = telemetry('all');

/** Measures, once a day, how old the secrets are that a person rotates. It can read no secret's value. */
export const handler = middy<unknown, undefined>()
  .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
  .handler(async () => {
    const failed = (await Promise.all(secrets.map(([source, arn]) => measure(source, arn)))).filter((ok) => !ok);
    if (failed.length > 0) throw new Error(`the age of ${failed.length} secrets could not be read`);
  });

/** False where the age could not be read; one source keeps none of the others from being measured. */
async function measure(source: string, arn: string): Promise<boolean> {
  try {
    const createdAt = await currentVersionDate(manager, arn);
    if (!createdAt) {
      logger.warn('the source has no secret yet', { source });
      return true;
    }
    const { metrics } = telemetry(source);
    metrics.addMetric(METRIC.secretAgeDays, MetricUnit.Count, (Date.now() - createdAt.getTime()) / DAY_MS);
    metrics.publishStoredMetrics();
    return true;
  } catch (error) {
    logger.error('the age of the secret could not be read', { source, errorName: errorName(error) });
    return false;
  }
}
