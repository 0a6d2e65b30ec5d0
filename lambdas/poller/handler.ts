import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import { poll } from '../core/poll/poll.ts';
import type { PollReport } from '../core/poll/report.ts';
import type { PollStatus } from '../core/poll/cursor.ts';
import { bounds, cursor, logger, metrics, ports, source } from './compose.ts';

/** The schedule sends an empty event. `status` asks for the outcome of the last poll, and starts none. */
interface PollRequest {
  readonly action?: 'poll' | 'status';
}

/** Keeps the source's registrations alive, and fetches the events that its provider failed to deliver. */
export const handler = middy<PollRequest, PollReport | PollStatus>()
  .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
  .use(logMetrics(metrics))
  .handler(async ({ action = 'poll' }, context) => {
    if (action === 'status') return cursor.status();
    const remainingMs = (): number => context.getRemainingTimeInMillis();
    return poll(source, { ...ports, owner: context.awsRequestId, remainingMs }, bounds);
  });
