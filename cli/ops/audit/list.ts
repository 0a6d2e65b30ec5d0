import { z } from 'zod';
import { table } from '../../text/blocks.ts';
import { wholeNumber } from '../inputs.ts';
import { next } from '../next.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { READS_RECORD } from '../record/permissions.ts';
import { recordStore } from '../record/store.ts';
import { readAll } from './read-all.ts';
import { Run, runsOf } from './runs.ts';

const input = z.object({
  limit: wholeNumber(1, 1000).default(50).describe('the most runs'),
  before: wholeNumber(1, 999_999_999).optional().describe('only runs before this number: the next of an earlier page'),
});

const output = z.object({
  runs: z.array(Run).describe('the newest first'),
  next: z.number().nullable().describe('what --before takes for older runs; null if there are none'),
});

export type AuditPage = z.infer<typeof output>;

/** `ops audit list`: what operators did. */
export const auditList = operation({
  name: 'audit list',
  summary: 'Lists what operators did and which bodies they looked at, the newest first.',
  ...{ input, output },
  effect: 'reads',
  permissions: READS_RECORD,
  run: listRuns,
});

async function listRuns(
  { gateway }: Ops,
  { limit, before = Infinity }: z.infer<typeof input>,
): Promise<Report<z.infer<typeof output>>> {
  const store = recordStore(gateway);
  const texts = await readAll(store, await store.numbers());
  const all = runsOf([...texts.values()]).filter(({ number }) => number < before);
  const runs = all.slice(0, limit);
  const older = all.length > limit ? (runs.at(-1)?.number ?? null) : null;
  return {
    text: [
      runs.length === 0
        ? 'The record has no such run.'
        : table(['number', 'at', 'who', 'operation', 'arguments', 'why', 'outcome'], runs.map(rowOf)),
      ...(older === null ? [] : [next('for older ones', `audit list --limit ${limit} --before ${older}`)]),
      ...(runs.length === 0 ? [] : [next('see that nobody has changed the record', 'audit verify')]),
    ],
    data: { runs, next: older },
  };
}

const rowOf = ({
  number,
  at,
  who,
  operation: name,
  arguments: given,
  reason,
  outcome,
  error,
}: Run): (string | number)[] => [
  ...[number, at, who.identity, name, JSON.stringify(given), reason ?? '-'],
  error === null ? outcome : `${outcome}: ${error}`,
];
