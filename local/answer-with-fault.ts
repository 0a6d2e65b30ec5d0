import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import { errorResponse, xmlErrorResponse } from './services/stand-in.ts';
import type { AwsRequest, AwsResponse } from './services/stand-in.ts';

/**
 * Answers a call as the fault that it meets asks: resolves to the answer, or to undefined if its connection is to be ended
 * without one.
 *
 * @param run does the call. @param gone resolves when the caller has given it up.
 */
export async function answerWithFault(
  { kind, after, status, code, delayMs }: Fault,
  { service }: AwsRequest,
  run: () => AwsResponse | Promise<AwsResponse>,
  gone: () => Promise<void>,
): Promise<AwsResponse | undefined> {
  if (kind === 'slow') {
    if (!after) await sleep(delayMs);
    const answer = await run();
    if (after) await sleep(delayMs);
    return answer;
  }
  if (after) await run();
  if (kind === 'timeout') await gone();
  if (kind !== 'error') return undefined;
  return (service === 's3' ? xmlErrorResponse : errorResponse)(status, code, 'a fault that was asked for');
}
