import { z } from 'zod';
import { isPermanent } from '../../../lambdas/core/permanent-error.ts';
import { count, time } from '../inputs.ts';

/** The dead letters of one reason. */
export const ReasonGroup = z.object({
  reason: z.string(),
  count,
  isPermanent: z.boolean().describe('whether trying again cannot help as long as nothing else changes'),
  firstAt: time.nullable().describe('when the first of them failed; null if the ledger does not know it'),
  lastAt: time.nullable(),
});
export type ReasonGroup = z.infer<typeof ReasonGroup>;

interface Failed {
  readonly reason: string;
  /** ISO 8601 in UTC; null if the ledger does not know it. */
  readonly failedAt: string | null;
}

/** The dead letters by reason: those of the most frequent reason first. */
export function byReason<Letter extends Failed>(
  letters: readonly Letter[],
): { groups: ReasonGroup[]; sorted: Letter[] } {
  const all = [...Map.groupBy(letters, ({ reason }) => reason)].sort(([, a], [, b]) => b.length - a.length);
  const groups = all.map(([reason, of]) => {
    const times = of.flatMap(({ failedAt }) => failedAt ?? []).sort();
    return {
      ...{ reason, count: of.length, isPermanent: isPermanent(reason) },
      ...{ firstAt: times[0] ?? null, lastAt: times.at(-1) ?? null },
    };
  });
  return { groups, sorted: all.flatMap(([, of]) => of) };
}
