import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { SecretsManagerRotationEvent } from 'aws-lambda';
import { METRIC } from '../contract.ts';
import { reasonOf } from '../core/errors.ts';
import { NO_CREDENTIALS } from '../core/http/no-credentials.ts';
import { rotate } from '../core/rotate/rotate.ts';
import { logger, metrics, ports, secretArn } from './compose.ts';

/**
 * Does one step of a rotation when Secrets Manager asks for it. A step that fails throws: Secrets Manager then tries again, and
 * until the step succeeds the current secret stays in force.
 */
export const handler = middy<SecretsManagerRotationEvent>()
  .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
  .use(logMetrics(metrics))
  .handler(async ({ Step: step, SecretId: secretId, ClientRequestToken: token }) => {
    if (secretId !== secretArn) throw new Error('this function rotates another secret');
    const reason = await rotate(step, token, ports).then(() => undefined, reasonOf);
    if (reason === undefined) {
      logger.info('a step of the rotation is done', { step });
      return;
    }
    logger.error('a step of the rotation failed, the current secret stays in force', { step, reason });
    // Secrets Manager tries the last step when the schedule is made: before anybody could store the credentials.
    if (step !== 'testSecret' || reason !== NO_CREDENTIALS) metrics.count(METRIC.rotationFailed);
    throw new Error(`${step}: ${reason}`);
  });
