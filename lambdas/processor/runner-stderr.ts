import process from 'node:process';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** The last words of V8 if it aborts a process because its memory is full. */
const OUT_OF_MEMORY = /out of memory/i;
/** Milliseconds to wait for the last words of a process that has ended: one that it has started may hold its stderr open. */
const LAST_WORDS_MS = 300;

/** Passes on the stderr of a process. Returns a function that tells, once the process has ended, if it said that its memory is full. */
export function watchStderr(stderr: Readable | null): () => Promise<boolean> {
  let tail = '';
  let isFull = false;
  stderr?.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    const text = tail + chunk.toString('latin1');
    isFull ||= OUT_OF_MEMORY.test(text);
    // The words may be in two chunks.
    tail = text.slice(-OUT_OF_MEMORY.source.length);
  });
  return async () => {
    if (!isFull && stderr)
      await finished(stderr, { signal: AbortSignal.timeout(LAST_WORDS_MS) }).catch(() => undefined);
    return isFull;
  };
}
