import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { parseJson } from '../../../lambdas/core/json.ts';
import { errorCode, OperatorError } from '../../operator-error.ts';

/** A record outside of AWS: all that it takes to verify it. */
export const Exported = z.object({
  format: z.literal('hookgate-record-1'),
  gateway: z.string(),
  exportedAt: z.string(),
  head: z.object({ number: z.number(), hash: z.string() }).nullable(),
  entries: z
    .array(z.object({ number: z.number(), text: z.string().describe('the exact bytes, in UTF-8') }))
    .describe('by their places'),
});
export type Exported = z.infer<typeof Exported>;

/** Reads a file that `audit export` wrote. Throws an {@link OperatorError} if it is none. */
export async function readExported(path: string): Promise<Exported> {
  const content = await readFile(path).catch((error: unknown) => {
    throw new OperatorError(`Cannot read ${path} (${errorCode(error)}).`);
  });
  const parsed = Exported.safeParse(parseJson(content));
  if (parsed.success) return parsed.data;
  throw new OperatorError(`${path} is not what audit export writes.`);
}
