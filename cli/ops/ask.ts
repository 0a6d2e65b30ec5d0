import { createInterface } from 'node:readline/promises';
import type { ReadStream } from 'node:tty';

/** Asks a question on the terminal; an end of the input is an empty answer. */
export async function ask(question: string, input: ReadStream, output: NodeJS.WritableStream): Promise<string> {
  const lines = createInterface({ input, output });
  const closed = new AbortController();
  lines.once('close', () => closed.abort());
  try {
    return await lines.question(question, { signal: closed.signal });
  } catch {
    return '';
  } finally {
    lines.close();
  }
}
