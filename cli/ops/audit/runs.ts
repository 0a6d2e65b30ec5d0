import { z } from 'zod';
import { readEntry, Who } from '../record/entry.ts';
import type { Entry } from '../record/entry.ts';

/** A run of an operation, as the record tells it. */
export const Run = z.object({
  number: z.number().describe('the place of its first entry'),
  at: z.string(),
  operation: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  reason: z.string().nullable(),
  who: Who,
  outcome: z
    .enum(['succeeded', 'needs attention', 'failed', 'unknown'])
    .describe('unknown: it is under way, or was killed before its outcome was written'),
  error: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type Run = z.infer<typeof Run>;

type Ended = Extract<Entry, { step: 'ended' }>;

/** The runs that the texts tell of, the newest first. Texts that are not entries are left out: `audit verify` names them. */
export function runsOf(texts: readonly string[]): Run[] {
  const entries = texts.flatMap((text) => readEntry(text) ?? []);
  const ends = new Map(
    entries.flatMap((entry): [string, Ended][] => (entry.step === 'ended' ? [[entry.run, entry]] : [])),
  );
  return entries
    .flatMap((entry): Run[] => {
      if (entry.step !== 'started') return [];
      const { number, at, operation, arguments: given, reason, who } = entry;
      const { outcome = 'unknown' as const, error = null, at: endedAt = null } = ends.get(entry.run) ?? {};
      return [{ number, at, operation, arguments: given, reason, who, outcome, error, endedAt }];
    })
    .sort((a, b) => b.number - a.number);
}
