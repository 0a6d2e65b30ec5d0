/** The process in which a part of the benchmark runs alone: see isolated.ts. */
import process from 'node:process';

const [, , module = ''] = process.argv;
const { measure } = (await import(module)) as { measure: (input: unknown) => Promise<unknown> };

process.once('message', ({ input }: { readonly input: unknown }) => {
  void measure(input).then((output) => process.send?.(output, () => process.disconnect()));
});
