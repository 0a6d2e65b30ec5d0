import { z } from 'zod';
import { table } from '../../text/blocks.ts';
import { count } from '../inputs.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { problemsOf, PROBLEMS } from '../record/chain.ts';
import type { Problem } from '../record/chain.ts';
import { headOf } from '../record/entry.ts';
import type { Head } from '../record/entry.ts';
import { READS_RECORD } from '../record/permissions.ts';
import { recordStore } from '../record/store.ts';
import { readExported } from './export-file.ts';
import { headNamed, readAll } from './read-all.ts';
import { runsOf } from './runs.ts';

const input = z.object({
  file: z.string().optional().describe('a file of audit export, which takes no gateway; default: the record itself'),
  head: z.string().optional().describe('a head that was noted down earlier: it must still be in the record'),
});

const output = z.object({
  entries: count,
  head: z.string().nullable().describe('the last entry, to be noted down elsewhere: what --head takes later'),
  problems: z.array(z.object({ number: z.number().describe('the place of the entry'), problem: z.enum(PROBLEMS) })),
  unknown: count.describe('runs whose outcome is not known'),
});

/** `ops audit verify`: whether somebody has changed the record. */
export const auditVerify = operation({
  name: 'audit verify',
  summary: 'Names each entry of the record that was deleted, edited, reordered or cut; the exit code is then 1.',
  ...{ input, output },
  effect: 'reads',
  permissions: READS_RECORD,
  readsFiles: ['file'],
  isOffline: ({ file }) => file !== undefined,
  run: verifyRecord,
});

async function verifyRecord(
  ops: Ops,
  { file, head: noted }: z.infer<typeof input>,
): Promise<Report<z.infer<typeof output>>> {
  const { texts, heads } = file === undefined ? await fromGateway(ops) : await fromFile(file);
  const problems = problemsOf(texts, noted === undefined ? heads : [...heads, headNamed(noted)]);
  const last = Math.max(0, ...texts.keys());
  const { number, hash } = headOf(last, texts.get(last) ?? '');
  const head = last === 0 ? null : `${number}:${hash}`;
  const unknown = runsOf([...texts.values()]).filter(({ outcome }) => outcome === 'unknown').length;
  return {
    text: [
      problems.length === 0
        ? `The ${texts.size} entries of the record are as they were written.`
        : table(
            ['entry', 'problem', 'it means'],
            problems.map((each) => [each.number, each.problem, MEANING[each.problem]]),
          ),
      ...(unknown === 0 ? [] : [`${unknown} runs are under way, or were killed: audit list shows them as unknown.`]),
      ...(head === null ? [] : [`Note this head down elsewhere, for audit verify --head: ${head}`]),
    ],
    data: { entries: texts.size, head, problems, unknown },
    ok: problems.length === 0,
  };
}

interface Given {
  readonly texts: ReadonlyMap<number, string>;
  readonly heads: readonly Head[];
}

async function fromGateway({ gateway }: Ops): Promise<Given> {
  const store = recordStore(gateway);
  // The head first: entries of this moment may be behind it, and none may be missing before it.
  const head = await store.head();
  return { heads: head ? [head] : [], texts: await readAll(store, await store.numbers()) };
}

async function fromFile(file: string): Promise<Given> {
  const { head, entries } = await readExported(file);
  return { heads: head ? [head] : [], texts: new Map(entries.map(({ number, text }) => [number, text])) };
}

const MEANING: Readonly<Record<Problem['problem'], string>> = {
  deleted: 'There is no entry here, and there are later ones.',
  edited: 'The entry is not the one that was written.',
  reordered: 'The entry belongs to another place.',
  cut: 'The entry was written, and the end of the record is gone.',
  unproved: 'The entry after it was edited, so that nothing proves this one.',
  head: 'The kept or noted head is not that of the entry, which the later entries prove.',
};
