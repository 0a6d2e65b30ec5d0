import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { OperatorError } from '../operator-error.ts';

/** Bytes after which reading ends: far more than any secret has, so that its own length is what is complained of. */
const MAX_INPUT_BYTES = 65_536;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a secret from standard input: piped to its end, or typed, in which case it is not shown. The line break at its end is
 * not part of it; all else is, exactly.
 */
export async function readSecret(input: ReadStream, prompt: NodeJS.WritableStream): Promise<string> {
  const text = input.isTTY ? await readHidden(input, prompt) : await readAll(input);
  return text.replace(/\r?\n$/, '');
}

async function readHidden(input: ReadStream, prompt: NodeJS.WritableStream): Promise<string> {
  prompt.write('Paste the secret and press Enter (it is not shown): ');
  // The echo of readline goes nowhere, so that the secret is not shown.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  // Ctrl-C and Ctrl-D close it, and would leave the question open for ever.
  const closed = new AbortController();
  lines.once('close', () => closed.abort());
  try {
    return await lines.question('', { signal: closed.signal });
  } catch {
    throw new OperatorError('No secret was given; nothing has changed.');
  } finally {
    lines.close();
    prompt.write('\n');
  }
}

async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const part = Buffer.from(chunk);
    chunks.push(part);
    bytes += part.length;
    if (bytes > MAX_INPUT_BYTES) break;
  }
  try {
    return utf8.decode(Buffer.concat(chunks));
  } catch {
    throw new OperatorError('The secret is not text: standard input is not UTF-8.');
  }
}
