import { z } from 'zod';
import { LOG } from '../../../lambdas/contract.ts';
import { parseJson } from '../../../lambdas/core/json.ts';

/** A refused delivery, as a log line tells it: nothing of its content. */
export interface Refused {
  readonly source: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

const Line = z.looseObject({
  message: z.literal(LOG.rejected),
  source: z.string(),
  reason: z.string(),
  timestamp: z.string(),
});

/** Reads a log line of a verifier; undefined if it tells of no refusal. */
export function refusalOfLine(text: string): Refused | undefined {
  if (!text.includes(LOG.rejected)) return undefined;
  const line = Line.safeParse(parseJson(Buffer.from(text)));
  if (!line.success) return undefined;
  const { source, reason, timestamp } = line.data;
  const time = new Date(timestamp);
  return Number.isNaN(time.getTime()) ? undefined : { source, reason, at: time.toISOString() };
}
