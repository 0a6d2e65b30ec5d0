import type { APIGatewayProxyResult } from 'aws-lambda';
import { parseObject } from '../../lambdas/core/json.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { REJECTION_REASONS } from '../../lambdas/core/verdict.ts';
import { CANARY } from './cases.ts';
import type { Case } from './cases.ts';
import type { Subject } from './subject.ts';

/** The canary as it is, and as it would look in hex and in base64, wherever in a text it began. */
const TRACES: readonly string[] = [
  CANARY,
  Buffer.from(CANARY).toString('hex'),
  ...[0, 1, 2].map((offset) =>
    Buffer.from('-'.repeat(offset) + CANARY)
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  ),
];

export const hasCanary = (text: string): boolean => TRACES.some((trace) => text.includes(trace));

/** Whether the provider wants this status for the reason that the answer gives: its retry may be authentic. */
function isRefusal({ rejectionStatuses = {} }: Provider, status: number, body: string): boolean {
  const { error } = parseObject(Buffer.from(body)) ?? {};
  return REJECTION_REASONS.some((reason) => reason === error && rejectionStatuses[reason] === status);
}

/** The promise that the outcome of this request breaks; undefined if it breaks none. */
export async function judge({ provider, event, authentic }: Case, subject: Subject): Promise<string | undefined> {
  const before = subject.taken();
  let result: APIGatewayProxyResult;
  try {
    result = await subject.respond(event);
  } catch (error) {
    return `the function failed: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
  const { statusCode, body, headers } = result;
  if (statusCode >= 500 && !isRefusal(provider, statusCode, body)) return `answered with ${statusCode}`;
  if (authentic) return statusCode < 300 ? undefined : `an authentic delivery was answered with ${statusCode}: ${body}`;
  if (subject.taken() > before) return 'what is not authentic was taken';
  // A handshake grants what it is asked for, and nothing else does.
  const isHandshake = event.httpMethod === 'OPTIONS' && statusCode === 200;
  if (statusCode < 300 && !isHandshake) return `what is not authentic was answered with ${statusCode}`;
  if (hasCanary(body) || (!isHandshake && hasCanary(JSON.stringify(headers))))
    return 'the answer holds something of the request';
  return undefined;
}
