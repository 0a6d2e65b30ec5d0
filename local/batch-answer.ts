import type { InvokeResult } from './lambda/function-config.ts';

/**
 * The ids of the messages of a batch that have failed
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html). If the answer is not of the documented
 * form, all of them have.
 *
 * @param reportsFailures whether the mapping has `ReportBatchItemFailures`; without it only a failed invocation fails the batch.
 */
export function failedMessages(
  result: InvokeResult,
  messageIds: readonly string[],
  reportsFailures: boolean,
): ReadonlySet<string> {
  const all = new Set(messageIds);
  if (!result.ok) return all;
  if (!reportsFailures) return new Set();

  const answer = parse(result.payload);
  if (answer === null || answer === undefined) return new Set();
  if (typeof answer !== 'object' || Array.isArray(answer)) return all;
  const failures = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === null || failures === undefined) return new Set();
  if (!Array.isArray(failures)) return all;

  const ids = failures.map((failure: unknown) => identifierOf(failure));
  return ids.every((id) => id !== undefined && all.has(id)) ? new Set(ids as string[]) : all;
}

/**
 * Whether a function gave the answer of a batch, as every processor does. To Lambda an answer without one means success, and so
 * it would delete the messages of a function that something has taken the place of. Here they come back, and are seen.
 */
export function isBatchAnswer(payload: string): boolean {
  const answer = parse(payload);
  return typeof answer === 'object' && answer !== null && 'batchItemFailures' in answer;
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return 'malformed';
  }
}

function identifierOf(failure: unknown): string | undefined {
  if (typeof failure !== 'object' || failure === null || !('itemIdentifier' in failure)) return undefined;
  return typeof failure.itemIdentifier === 'string' ? failure.itemIdentifier : undefined;
}
