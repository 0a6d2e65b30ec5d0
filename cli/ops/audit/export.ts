import { z } from 'zod';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { READS_RECORD } from '../record/permissions.ts';
import { recordStore } from '../record/store.ts';
import { shellWord } from '../../text/shell-word.ts';
import { next } from '../next.ts';
import { Exported } from './export-file.ts';
import { readAll } from './read-all.ts';

const input = z.object({
  out: z.string().default('hookgate-record.json').describe('the file that is written; the MCP server writes none'),
});

/** `ops audit export`: the record as a file that can be verified without AWS. */
export const auditExport = operation({
  name: 'audit export',
  summary: 'Writes the record to a file, which audit verify --file checks without AWS (docs/record.md).',
  ...{ input, output: Exported },
  effect: 'reads',
  permissions: READS_RECORD,
  run: exportRecord,
});

async function exportRecord(ops: Ops, { out }: z.infer<typeof input>): Promise<Report<Exported>> {
  const store = recordStore(ops.gateway);
  // The head first: entries of this moment may be behind it, and none may be missing before it.
  const head = (await store.head()) ?? null;
  const texts = await readAll(store, await store.numbers());
  const data: Exported = {
    ...{
      format: 'hookgate-record-1',
      gateway: ops.gateway.name,
      exportedAt: new Date(ops.clock()).toISOString(),
      head,
    },
    entries: [...texts].map(([number, text]) => ({ number, text })),
  };
  await ops.writeFile?.(out, `${JSON.stringify(data, null, 2)}\n`);
  return {
    text: [
      `The record is in ${out}, with ${data.entries.length} of its entries.`,
      next('verify it anywhere', `audit verify --file ${shellWord(out)}`),
    ],
    data,
  };
}
